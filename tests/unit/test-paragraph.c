// SPDX-License-Identifier: GPL-2.0-or-later
/* paragraph: a text broken into lines that fit on a screen. */
#include "base/list.h"
#include "base/paragraph.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* @text within @width gives @expected, whose lines are joined by '|'. */
static void check(const char *text, size_t width, const char *expected)
{
	AUTO_LIST char **lines = paragraph_lines(text, width);
	AUTO_FREE char *joined = list_join(lines, "|");

	assert_string_equal(joined, expected);
}

static void test_lines(void **state)
{
	(void)state;
	check("one two three", 7, "one two|three");
	check("one two three", 6, "one|two|three");
	check("one two three", 13, "one two three");
	check("one two three", 12, "one two|three");
	check("", 5, "");
}

static void test_blanks(void **state)
{
	(void)state;
	check("one   ", 3, "one");
	check("one    two", 3, "one|two");
	check("one    two", 9, "one|two");
	check("  indented text", 10, "  indented|text");
	check("    ", 2, "");
}

static void test_long_words(void **state)
{
	(void)state;
	check("/a/very/long/path is kept", 5, "/a/very/long/path|is|kept");
	check("in /a/very/long/path", 5, "in|/a/very/long/path");
	check("one two", 0, "one|two");
}

/* A character of several bytes takes one column. */
static void test_utf8(void **state)
{
	(void)state;
	check("größe größe größe", 11, "größe größe|größe");
	check("größe größe größe", 10, "größe|größe|größe");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_blanks),
		cmocka_unit_test(test_long_words),
		cmocka_unit_test(test_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
