// SPDX-License-Identifier: GPL-2.0-or-later
/* text.c: formatting and lists. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void formats(void **state)
{
	(void)state;
	AUTO_FREE char *text = text_format("%s-%03d", "a", 7);

	assert_string_equal(text, "a-007");
}

static void copies(void **state)
{
	(void)state;
	AUTO_FREE char *whole = text_copy("disk");
	AUTO_FREE char *part = text_copy_length("disk", 2);
	AUTO_FREE char *short_one = text_copy_length("disk", 9);

	assert_string_equal(whole, "disk");
	assert_string_equal(part, "di");
	assert_string_equal(short_one, "disk");
	assert_null(text_copy(NULL));
}

static void zeroes(void **state)
{
	(void)state;
	AUTO_FREE unsigned char *bytes = memory_zero(3, 5);
	AUTO_FREE void *none = memory_zero(0, 5);

	for (int i = 0; i < 15; i++)
		assert_int_equal(bytes[i], 0);
	assert_non_null(none);
}

static void appends(void **state)
{
	(void)state;
	AUTO_LIST char **list = NULL;

	for (int i = 0; i < 100; i++)
		list_append(&list, text_format("%d", i));
	assert_int_equal(list_length(list), 100);
	assert_string_equal(list[99], "99");
	assert_null(list[100]);
	assert_true(list_contains(list, "42"));
	assert_false(list_contains(list, "42 "));
}

static void nothing_is_a_list(void **state)
{
	(void)state;
	AUTO_FREE char *joined = list_join(NULL, ",");

	assert_int_equal(list_length(NULL), 0);
	assert_false(list_contains(NULL, ""));
	assert_null(list_copy(NULL));
	assert_string_equal(joined, "");
	list_free(NULL);
}

static void joins_and_copies(void **state)
{
	(void)state;
	char *const words[] = { "a", "", "c d", NULL };
	AUTO_LIST char **copy = list_copy(words);
	AUTO_FREE char *joined = list_join(copy, ", ");

	assert_string_equal(joined, "a, , c d");
	assert_ptr_not_equal(copy[0], words[0]);
}

static void knows_utf8(void **state)
{
	(void)state;
	assert_int_equal(text_utf8_length("a"), 1);
	assert_int_equal(text_utf8_length("ü"), 2);
	assert_int_equal(text_utf8_length("机"), 3);
	assert_int_equal(text_utf8_length("💾"), 4);
	assert_int_equal(text_utf8_length("\x80"), 0);        /* starts inside a character */
	assert_int_equal(text_utf8_length("\xe6\x9c"), 0);        /* cut off */
	assert_int_equal(text_utf8_length("\xc0\xaf"), 0);        /* encoded in too many bytes */
	assert_int_equal(text_utf8_length("\xed\xa0\x80"), 0);     /* a surrogate */
	assert_int_equal(text_utf8_length("\xf4\x90\x80\x80"), 0); /* beyond Unicode */
	assert_true(text_is_control("\x1b"));
	assert_true(text_is_control("\x7f"));
	assert_true(text_is_control("\xc2\x9b"));
	assert_false(text_is_control("\xc2\xa0"));
	assert_false(text_is_control(" "));
}

static void expect_plain(const char *text, const char *expected)
{
	AUTO_FREE char *plain = text_copy(text);

	text_make_plain(plain);
	assert_string_equal(plain, expected);
}

static void makes_plain(void **state)
{
	(void)state;
	expect_plain("", "");
	expect_plain("disk 'ü 机器 💾'\t~", "disk 'ü 机器 💾'\t~");
	expect_plain("\x1b[2J\x1b]0;x\a", "?[2J?]0;x?");
	expect_plain("a\r\nb\x7f", "a??b?");
	/* C1 in UTF-8, and as a single byte, which some terminals obey as CSI. */
	expect_plain("\xc2\x9b"
		     "2J \x9b"
		     "2J",
		     "?2J ?2J");
	expect_plain("\xc3", "?");
	expect_plain("\xe6\x9cü", "??ü");
	expect_plain("\xff\xfe", "??");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats),
		cmocka_unit_test(copies),
		cmocka_unit_test(zeroes),
		cmocka_unit_test(appends),
		cmocka_unit_test(nothing_is_a_list),
		cmocka_unit_test(joins_and_copies),
		cmocka_unit_test(knows_utf8),
		cmocka_unit_test(makes_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
