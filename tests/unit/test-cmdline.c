// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel command line is split as the kernel does it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "cmdline/cmdline.h"

/* The words as one text, each in brackets: [name] or [name=value]. */
static void expect_words(const char *text, size_t length, const char *expected, bool unclosed)
{
	AUTO_FREE char *words = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&words, &size);
	struct cmdline cmdline;

	cmdline_split(&cmdline, text, length);
	for (size_t i = 0; i < cmdline.count; i++)
		fprintf(stream, "[%s%s%s]", cmdline.word[i].name, cmdline.word[i].value ? "=" : "",
			cmdline.word[i].value ? cmdline.word[i].value : "");
	fclose(stream);
	assert_string_equal(words, expected);
	assert_int_equal(cmdline.unclosed, unclosed);
	cmdline_clear(&cmdline);
	assert_int_equal(cmdline.count, 0);
}

static void expect(const char *text, const char *expected)
{
	expect_words(text, strlen(text), expected, false);
}

static void test_words(void **state)
{
	(void)state;
	expect("", "");
	expect(" \t\r\n", "");
	expect("quiet", "[quiet]");
	expect(" ro  root=/dev/sda1\tquiet\n", "[ro][root=/dev/sda1][quiet]");
	expect("a=b=c", "[a=b=c]");
	expect("a=", "[a=]");
	expect("=a b", "[b]");
	expect("-- p2v.debug", "[--][p2v.debug]");
	expect("p2v.name=Zo\xc3\xab\xc2\xa0x", "[p2v.name=Zo\xc3\xab\xc2\xa0x]");
}

static void test_quotes(void **state)
{
	(void)state;
	expect("a=\"b c\" d", "[a=b c][d]");
	expect("\"a=b c\" d", "[a=b c][d]");
	expect("a=\"\" b", "[a=][b]");
	expect("\"\" b", "[b]");
	expect("a=b\" \"c d", "[a=b\" \"c][d]");
	expect("a=\"b=c d\"", "[a=b=c d]");
	expect("a='b c'", "[a='b][c']");
	/* Quotes around the word, around its value, or across both, as the kernel reads them. */
	expect("\"a\"=\"b\" c", "[a\"=b][c]");
	expect("\"a=\"b c\"\"", "[a=b][c\"\"]");
	expect("\"a=\"b", "[a=b]");
	expect("a\"=b c\"", "[a\"=b c\"]");
	expect("\"a b\"", "[a b]");
	expect_words("a=\"", 3, "[a=]", true);
	expect_words("a=\"b c", 6, "[a=b c]", true);
	expect_words("a=b\" c d", 8, "[a=b\" c d]", true);
	expect_words("\"", 1, "", true);
}

static void test_escapes(void **state)
{
	(void)state;
	expect("a=b\\\"c d", "[a=b\"c][d]");
	expect("\"a=\\\"b\\\" c\"", "[a=\"b\" c]");
	expect("a=\"b\\\"\"", "[a=b\"]");
	expect("a=\\'b\\'", "[a='b']");
	expect("a=\\\\b", "[a=\\b]");
	expect("a=b\\c\\", "[a=b\\c\\]");
	/* A password with a backslash, which is written twice before the closing quote. */
	expect("a=\"C:\\b d\" e", "[a=C:\\b d][e]");
	expect("a=\"b c\\\\\" d", "[a=b c\\][d]");
	expect_words("a=\"b c\\\" d", 10, "[a=b c\" d]", true);
}

static void test_length(void **state)
{
	(void)state;
	expect_words("abc def", 5, "[abc][d]", false);
	expect_words("a\0b", 3, "[a][b]", false);
	expect_words("a\\\"", 2, "[a\\]", false);
}

static void test_append(void **state)
{
	struct cmdline one, two;

	(void)state;
	cmdline_split(&one, "a b=c", 5);
	cmdline_split(&two, "d=\"", 4);
	cmdline_append(&one, &two);
	assert_int_equal(two.count, 0);
	assert_int_equal(one.count, 3);
	assert_string_equal(one.word[2].name, "d");
	assert_true(one.unclosed);
	cmdline_clear(&one);
	cmdline_clear(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),   cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_escapes), cmocka_unit_test(test_length),
		cmocka_unit_test(test_append),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
