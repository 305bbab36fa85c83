// SPDX-License-Identifier: GPL-2.0-or-later
/* terminal.c: text is written without waiting. The terminal is a pseudo-terminal. */
#include "base/memory.h"
#include "terminal/terminal.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <termios.h>

#include <cmocka.h>

#define MESSAGES 5000

struct screen {
	sd_event *event;
	struct terminal *terminal;
	int master, slave;
	char text[1 << 20]; /* what it has shown */
	size_t length;
	char key;
};

static void on_key(void *user, char key)
{
	struct screen *screen = user;

	screen->key = key;
}

static int begin(void **state)
{
	struct screen *screen = memory_zero(1, sizeof(*screen));
	struct winsize size = { .ws_row = 25, .ws_col = 20 };

	assert_return_code(sd_event_new(&screen->event), 0);
	screen->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	assert_return_code(screen->master, errno);
	assert_int_equal(grantpt(screen->master) | unlockpt(screen->master), 0);
	screen->slave = open(ptsname(screen->master), O_RDWR | O_NOCTTY);
	assert_return_code(screen->slave, errno);
	assert_return_code(ioctl(screen->slave, TIOCSWINSZ, &size), errno);
	assert_int_equal(terminal_open(screen->event, ptsname(screen->master), on_key, screen,
				       &screen->terminal),
			 0);
	alarm(60);
	*state = screen;
	return 0;
}

static int end(void **state)
{
	struct screen *screen = *state;

	terminal_free(screen->terminal);
	alarm(0);
	close(screen->slave);
	close(screen->master);
	sd_event_unref(screen->event);
	free(screen);
	return 0;
}

/* Runs the event loop until there is nothing to do. Returns what the terminal then shows. */
static const char *shown(struct screen *screen)
{
	ssize_t length;
	int more;

	do {
		more = sd_event_run(screen->event, 0);
		length = read(screen->master, screen->text + screen->length,
			      sizeof(screen->text) - 1 - screen->length);
		if (length > 0)
			screen->length += (size_t)length;
	} while (length > 0 || more > 0);
	return screen->text;
}

static void forget(struct screen *screen)
{
	shown(screen);
	memset(screen->text, 0, screen->length);
	screen->length = 0;
}

static void test_messages_and_status(void **state)
{
	struct screen *screen = *state;
	char *const one[] = { "10 %", "über alles, viel zu lang", NULL };
	char *const other[] = { "20 %", NULL };

	terminal_message(screen->terminal, "begun");
	terminal_status(screen->terminal, one);
	terminal_status(screen->terminal, other);
	terminal_message(screen->terminal, "went on");
	terminal_status(screen->terminal, NULL);
	assert_string_equal(shown(screen), "begun\r\r\n"
					   "10 %\r\r\nüber alles, viel z\r\r\n"
					   "\033[2A\r\033[J20 %\r\r\n"
					   "\033[1A\r\033[Jwent on\r\r\n20 %\r\r\n"
					   "\033[1A\r\033[J");
}

/* No character is cut in two. */
static void test_width(void **state)
{
	struct screen *screen = *state;
	char *const status[] = { "xüüüüüüüüüü", NULL };

	terminal_status(screen->terminal, status);
	assert_string_equal(shown(screen), "xüüüüüüüüü\r\r\n");
}

/* Only a word that is longer than a line is cut in two. A serial line, whose width is
 * unknown, gets a message as one line. */
static void test_folded(void **state)
{
	struct screen *screen = *state;
	struct winsize unknown = { 0 };

	terminal_message(screen->terminal, "no link on 'eno1': check the cable");
	assert_string_equal(shown(screen), "no link on 'eno1':\r\r\ncheck the cable\r\r\n");
	forget(screen);
	terminal_message(screen->terminal, "exactly 19 letters.");
	assert_string_equal(shown(screen), "exactly 19 letters.\r\r\n");
	forget(screen);
	terminal_message(screen->terminal, "/a/path/that/is/longer/than/that");
	assert_string_equal(shown(screen), "/a/path/that/is/longer/than/that\r\r\n");
	forget(screen);
	assert_return_code(ioctl(screen->slave, TIOCSWINSZ, &unknown), errno);
	terminal_message(screen->terminal, "no link on 'eno1': check the cable");
	assert_string_equal(shown(screen), "no link on 'eno1': check the cable\r\r\n");
}

static void test_keys(void **state)
{
	struct screen *screen = *state;

	assert_int_equal(write(screen->master, "a", 1), 1);
	shown(screen);
	assert_int_equal(screen->key, 0);
	terminal_listen(screen->terminal);
	shown(screen);
	assert_int_equal(screen->key, 'a');
}

/* A stopped terminal delays nobody, and says afterwards how many messages are missing. */
static void test_stopped(void **state)
{
	struct screen *screen = *state;
	char *const old[] = { "old", NULL }, *const new[] = { "new", NULL };
	struct winsize unknown = { 0 };
	unsigned whole = 0, missing = 0, number;
	const char *line;

	assert_return_code(ioctl(screen->slave, TIOCSWINSZ, &unknown), errno);
	assert_return_code(tcflow(screen->slave, TCOOFF), errno);
	for (unsigned i = 0; i < MESSAGES; i++) {
		AUTO_FREE char *text = text_format("message %u of many, which make a long text", i);

		terminal_message(screen->terminal, text);
	}
	terminal_status(screen->terminal, old);
	terminal_status(screen->terminal, new);
	assert_string_equal(shown(screen), "");

	assert_return_code(tcflow(screen->slave, TCOON), errno);
	for (line = shown(screen);
	     sscanf(line, "message %u of many, which make a long text", &number) == 1;
	     line = strchr(line, '\n') + 1)
		assert_int_equal(number, whole++);
	assert_int_equal(sscanf(line, "p2vd: %u messages are missing here", &missing), 1);
	assert_true(whole > 1000);
	assert_int_equal(whole + missing, MESSAGES);
	assert_non_null(strstr(line, "\nnew\r"));
	assert_null(strstr(line, "old"));

	forget(screen);
	terminal_message(screen->terminal, "as before");
	assert_string_equal(shown(screen), "\033[1A\r\033[Jas before\r\r\nnew\r\r\n");
}

/* A message that no queue can hold is cut, on a character's end, and the next ones are shown. */
static void long_message(struct screen *screen, unsigned columns, const char *word)
{
	struct winsize size = { .ws_row = 25, .ws_col = (unsigned short)columns };
	const size_t bytes = 100000;
	AUTO_FREE char *text = memory_zero(bytes + 1, 1);
	const char *after;

	assert_return_code(ioctl(screen->slave, TIOCSWINSZ, &size), errno);
	for (size_t i = 0; i + strlen(word) <= bytes; i += strlen(word))
		memcpy(text + i, word, strlen(word));
	forget(screen);
	terminal_message(screen->terminal, text);
	terminal_message(screen->terminal, "next");
	shown(screen);
	assert_memory_equal(screen->text, word, strcspn(word, " "));
	after = strstr(screen->text, "...\r");
	assert_non_null(after);
	assert_non_null(strstr(after, "next\r"));
	assert_null(strstr(screen->text, "messages are missing"));
	for (const char *c = screen->text; *c; c += text_utf8_length(c))
		assert_true(text_utf8_length(c));
}

static void test_long_messages(void **state)
{
	long_message(*state, 0, "word ");
	long_message(*state, 0, "öß");
	long_message(*state, 2, "a ");
	long_message(*state, 80, "longer words ");
}

/* terminal_free() does not wait for a stopped terminal. */
static void test_stopped_end(void **state)
{
	struct screen *screen = *state;

	assert_return_code(tcflow(screen->slave, TCOOFF), errno);
	terminal_message(screen->terminal, "too late");
	alarm(10);
	terminal_free(steal(screen->terminal));
	alarm(0);
}

/* After a hang-up no text is kept, and the event loop has nothing to do. */
static void test_gone(void **state)
{
	struct screen *screen = *state;

	terminal_listen(screen->terminal);
	close(screen->master);
	screen->master = -1;
	for (unsigned i = 0; i < MESSAGES; i++)
		terminal_message(screen->terminal, "does anybody hear me");
	for (unsigned i = 0; sd_event_run(screen->event, 0) > 0; i++)
		assert_true(i < 10);
}

static void test_no_terminal(void **state)
{
	struct terminal *terminal = NULL;
	sd_event *event = NULL;

	(void)state;
	assert_return_code(sd_event_new(&event), 0);
	assert_int_equal(terminal_open(event, "/nowhere/tty", on_key, NULL, &terminal), -ENOENT);
	assert_int_equal(terminal_open(event, "/dev/null", on_key, NULL, &terminal), -ENOTTY);
	assert_null(terminal);
	sd_event_unref(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_messages_and_status, begin, end),
		cmocka_unit_test_setup_teardown(test_width, begin, end),
		cmocka_unit_test_setup_teardown(test_folded, begin, end),
		cmocka_unit_test_setup_teardown(test_keys, begin, end),
		cmocka_unit_test_setup_teardown(test_stopped, begin, end),
		cmocka_unit_test_setup_teardown(test_long_messages, begin, end),
		cmocka_unit_test_setup_teardown(test_stopped_end, begin, end),
		cmocka_unit_test_setup_teardown(test_gone, begin, end),
		cmocka_unit_test(test_no_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
