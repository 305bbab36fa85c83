// SPDX-License-Identifier: GPL-2.0-or-later
/* screen: lines, and an area below them that a terminal gets in place. */
#include "base/memory.h"
#include "client/screen.h"
#include "json.h"

#include "base/cleanup.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

#include <cmocka.h>

#define LIST(...)                 \
	(char *[])                \
	{                         \
		__VA_ARGS__, NULL \
	}

struct ends {
	int master; /* of a pseudo-terminal of 20 columns */
	FILE *slave;
	char text[4096];
};

static int begin(void **state)
{
	struct ends *ends = memory_zero(1, sizeof(*ends));
	struct winsize size = { .ws_row = 25, .ws_col = 20 };

	ends->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	assert_return_code(ends->master, errno);
	assert_int_equal(grantpt(ends->master) | unlockpt(ends->master), 0);
	ends->slave = fopen(ptsname(ends->master), "r+");
	assert_non_null(ends->slave);
	assert_return_code(ioctl(fileno(ends->slave), TIOCSWINSZ, &size), errno);
	*state = ends;
	return 0;
}

static int end(void **state)
{
	struct ends *ends = *state;

	fclose(ends->slave);
	close(ends->master);
	free(ends);
	return 0;
}

/* The terminal has got @expected since the last call, and nothing else. The kernel hands it on a
 * little later. */
static void check(struct ends *ends, const char *expected)
{
	struct pollfd more = { .fd = ends->master, .events = POLLIN };
	size_t length = 0, most = sizeof(ends->text) - 1;

	while (poll(&more, 1, length < strlen(expected) ? 10000 : 50) > 0) {
		ssize_t r = read(ends->master, ends->text + length, most - length);

		assert_true(r > 0);
		length += (size_t)r;
	}
	ends->text[length] = '\0';
	assert_string_equal(ends->text, expected);
}

static void test_terminal(void **state)
{
	struct ends *ends = *state;
	struct screen *screen = screen_new(ends->slave, false);

	screen_line(screen, "begun");
	check(ends, "begun\r\n");
	screen_area(screen, LIST("10 %", "größe: viel zu lang dafür"));
	check(ends, "10 %\r\ngröße: viel zu lang\r\n");
	screen_line(screen, "a message that is broken");
	check(ends, "\033[2A\r\033[Ja message that is\r\nbroken\r\n"
		    "10 %\r\ngröße: viel zu lang\r\n");
	screen_area(screen, LIST("20 %"));
	check(ends, "\033[2A\r\033[J20 %\r\n");
	screen_lines(screen, LIST("this stays one line, however long"));
	check(ends, "\033[1A\r\033[Jthis stays one line, however long\r\n20 %\r\n");
	screen_area(screen, NULL);
	check(ends, "\033[1A\r\033[J");
	screen_line(screen, "done");
	check(ends, "done\r\n");
	screen_free(screen);
}

/* Nothing that p2vd quotes moves the cursor or adds a line. */
static void test_plain(void **state)
{
	struct ends *ends = *state;
	struct screen *screen = screen_new(ends->slave, false);

	screen_line(screen, "a\033[2J\nb\xff");
	check(ends, "a?[2J?b?\r\n");
	screen_area(screen, LIST("\033c\r"));
	check(ends, "?c?\r\n");
	screen_free(screen);
}

/* A file gets no area in the first 30 seconds, and lines as they are. */
static void test_file(void **state)
{
	FILE *file = tmpfile();
	struct screen *screen = screen_new(file, false);
	char read[256] = "";

	(void)state;
	screen_area(screen, LIST("10 %"));
	screen_line(screen, "a line of more than twenty columns");
	screen_area(screen, NULL);
	screen_free(screen);
	rewind(file);
	assert_int_equal(fread(read, 1, sizeof(read) - 1, file), 35);
	assert_string_equal(read, "a line of more than twenty columns\n");
	fclose(file);
}

/* Only JSON is asked for: nothing else comes, and a line is one also on a terminal. */
static void test_json(void **state)
{
	struct ends *ends = *state;
	struct screen *screen = screen_new(ends->slave, true);
	sd_json_variant *value = json("{\"a\":[1]}");

	screen_line(screen, "a line");
	screen_lines(screen, LIST("lines"));
	screen_area(screen, LIST("an area"));
	screen_json(screen, value, true);
	check(ends, "{\"a\":[1]}\r\n");
	screen_json(screen, value, false);
	check(ends, "{\r\n\t\"a\" : [\r\n\t\t1\r\n\t]\r\n}\r\n");
	screen_free(screen);
	screen = screen_new(ends->slave, false);
	screen_json(screen, value, true);
	check(ends, "");
	screen_free(screen);
	sd_json_variant_unref(value);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_terminal),
		TEST(test_plain),
		TEST(test_file),
		TEST(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
