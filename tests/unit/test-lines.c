// SPDX-License-Identifier: GPL-2.0-or-later
/* lines: lines out of a stream that comes in pieces. */
#include "base/lines.h"
#include "base/list.h"
#include "base/memory.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void collect(void *user, const char *line)
{
	list_append(user, text_copy(line));
}

/* @text in pieces of @piece bytes gives @expected, joined by '|'. */
static void check(const char *text, size_t length, size_t piece, const char *expected)
{
	struct lines *lines = memory_zero(1, sizeof(*lines));
	AUTO_LIST char **got = NULL;
	AUTO_FREE char *joined = NULL;

	for (size_t i = 0; i < length; i += piece)
		lines_feed(lines, text + i, length - i < piece ? length - i : piece, collect, &got);
	lines_end(lines, collect, &got);
	joined = list_join(got, "|");
	assert_string_equal(joined, expected);
	free(lines);
}

static void check_all_pieces(const char *text, const char *expected)
{
	for (size_t piece = 1; piece <= strlen(text); piece++)
		check(text, strlen(text), piece, expected);
}

static void test_lines(void **state)
{
	(void)state;
	check_all_pieces("one\ntwo\n\nthree", "one|two|three");
	check_all_pieces("one\r\ntwo\r\n", "one|two");
}

static void test_redrawn(void **state)
{
	(void)state;
	check_all_pieces(" 10% [*  ]\r 50% [** ]\r100% [***]\nend\n", "100% [***]|end");
}

static void test_nul(void **state)
{
	(void)state;
	check("a\0b\n", 4, 1, "a?b");
}

static void test_long(void **state)
{
	AUTO_FREE char *text = memory_zero(2 * LINES_LONGEST + 2, 1);
	struct lines *lines = memory_zero(1, sizeof(*lines));
	AUTO_LIST char **got = NULL;

	(void)state;
	memset(text, 'x', 2 * LINES_LONGEST + 1);
	lines_feed(lines, text, 2 * LINES_LONGEST + 1, collect, &got);
	lines_end(lines, collect, &got);
	assert_int_equal(list_length(got), 3);
	assert_int_equal(strlen(got[0]), LINES_LONGEST);
	assert_int_equal(strlen(got[2]), 1);
	free(lines);
}

/* A long line is not cut inside a character. */
static void test_long_characters(void **state)
{
	static const char *const characters[] = { "ü", "机", "💾" };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (size_t before = 0; before < 4; before++) {
			AUTO_FREE char *text = memory_zero(2 * LINES_LONGEST, 1);
			struct lines *lines = memory_zero(1, sizeof(*lines));
			AUTO_LIST char **got = NULL;
			AUTO_FREE char *joined = NULL;

			memset(text, 'x', before);
			while (strlen(text) < LINES_LONGEST + 100)
				strcat(text, characters[i]);
			lines_feed(lines, text, strlen(text), collect, &got);
			lines_end(lines, collect, &got);
			assert_int_equal(list_length(got), 2);
			for (size_t j = 0; j < 2; j++)
				for (const char *at = got[j]; *at; at += text_utf8_length(at))
					assert_int_not_equal(text_utf8_length(at), 0);
			joined = list_join(got, "");
			assert_string_equal(joined, text);
			free(lines);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_redrawn),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_long_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
