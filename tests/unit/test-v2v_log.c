// SPDX-License-Identifier: GPL-2.0-or-later
/* v2v_log: virt-v2v's log, shown by line, its end kept. */
#include "server/v2v_log.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void count_line(void *user, int priority, const char *line)
{
	(void)priority, (void)line;
	++*(unsigned *)user;
}

static void test_tail(void **state)
{
	struct v2v_log *log = v2v_log_new();
	unsigned lines = 0;

	(void)state;
	log_set_sink(count_line, &lines);
	for (unsigned i = 0; i < 20000; i++) {
		AUTO_FREE char *line = text_format("message number %u\n", i);

		v2v_log_feed(log, line, strlen(line));
	}
	assert_int_equal(lines, 20000);
	assert_true(strlen(v2v_log_text(log)) <= 64U << 10);
	assert_non_null(strstr(v2v_log_text(log), "message number 19999\n"));
	assert_int_equal(v2v_log_step(log)->number, 0);
	v2v_log_feed(log, "[   1.1] Opening the source\n[ 2", 31);
	assert_string_equal(v2v_log_step(log)->text, "Opening the source");
	log_set_sink(NULL, NULL);
	v2v_log_free(log);
}

static void test_short(void **state)
{
	struct v2v_log *log = v2v_log_new();
	unsigned lines = 0;

	(void)state;
	log_set_sink(count_line, &lines);
	v2v_log_feed(log, "error", 5);
	assert_int_equal(lines, 0);
	v2v_log_end(log);
	assert_int_equal(lines, 1);
	log_set_sink(NULL, NULL);
	v2v_log_free(log);
}

/* All lines that were said, each with a | at its end. */
static void gather(void *user, int priority, const char *line)
{
	char *all = user;

	(void)priority;
	assert_true(strlen(all) + strlen(line) + 2 < 256);
	strcat(strcat(all, line), "|");
}

/* Packets end anywhere; what is drawn over by a progress bar is not shown. */
static void test_pieces(void **state)
{
	static const char *const pieces[] = { "vir", "t-v2v: error: a", "\n\nbar 1 %\rbar 2 %\r",
					      "\nlast" };
	struct v2v_log *log = v2v_log_new();
	char all[256] = "";

	(void)state;
	log_set_sink(gather, all);
	for (size_t i = 0; i < 4; i++)
		v2v_log_feed(log, pieces[i], strlen(pieces[i]));
	assert_string_equal(all, "virt-v2v: virt-v2v: error: a|virt-v2v: bar 2 %|");
	v2v_log_end(log);
	assert_string_equal(v2v_log_text(log), "virt-v2v: error: a\nbar 2 %\nlast\n");
	log_set_sink(NULL, NULL);
	v2v_log_free(log);
}

static void count_warning(void *user, int priority, const char *line)
{
	if (priority == LOG_WARNING && strstr(line, "p2v.root"))
		++*(unsigned *)user;
}

/* That virt-v2v chose a system by itself is told while it runs, for its log of a success is
 * read by nobody. */
static void test_choice(void **state)
{
	static const char text[] = "[  75.8] Inspecting the source\n"
				   "virt-v2v: Picked /dev/sda1 because '--root first' was used.\n";
	struct v2v_log *log = v2v_log_new();
	unsigned warnings = 0;

	(void)state;
	log_set_sink(count_warning, &warnings);
	v2v_log_feed(log, text, strlen(text));
	assert_int_equal(warnings, 1);
	log_set_sink(NULL, NULL);
	v2v_log_free(log);
}

/* A line without end does not make the log any longer. */
static void test_long_line(void **state)
{
	struct v2v_log *log = v2v_log_new();
	char piece[1000];
	unsigned lines = 0;

	(void)state;
	memset(piece, 'x', sizeof(piece));
	log_set_sink(count_line, &lines);
	for (unsigned i = 0; i < 1000; i++)
		v2v_log_feed(log, piece, sizeof(piece));
	v2v_log_end(log);
	assert_true(lines > 1);
	assert_true(strlen(v2v_log_text(log)) <= 64U << 10);
	log_set_sink(NULL, NULL);
	v2v_log_free(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tail),      cmocka_unit_test(test_short),
		cmocka_unit_test(test_pieces),    cmocka_unit_test(test_choice),
		cmocka_unit_test(test_long_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
