// SPDX-License-Identifier: GPL-2.0-or-later
/* stream_count: how many tunnels a disk gets, by what is known of the line and both ends. */
#include "transfer/stream_count.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_auto(void **state)
{
	(void)state;
	assert_int_equal(stream_count("auto", 1, 300, 2, 2), 1);
	assert_int_equal(stream_count("auto", 1, 0, 0, 0), 1);
	assert_int_equal(stream_count("auto", 1, 74999, 2, 2), 1);
	assert_int_equal(stream_count("auto", 1, 75000, 2, 2), 2);
	assert_int_equal(stream_count("auto", 1, 149999, 2, 2), 2);
	assert_int_equal(stream_count("auto", 1, 150000, 1, 2), 4);
	/* Both ends need the processors. */
	assert_int_equal(stream_count("auto", 1, 300, 64, 2), 1);
	assert_int_equal(stream_count("auto", 1, 300, 64, 0), 1);
	assert_int_equal(stream_count("auto", 1, 300, 4, 64), 2);
	assert_int_equal(stream_count("auto", 1, 200000, 4, 64), 4);
}

static void test_wanted(void **state)
{
	(void)state;
	assert_int_equal(stream_count("1", 1, 100000, 64, 64), 1);
	assert_int_equal(stream_count("8", 2, 300, 1, 1), 8);
}

/* At most 16 in all, but one for each. */
static void test_most(void **state)
{
	(void)state;
	assert_int_equal(stream_count("auto", 5, 200000, 64, 64), 3);
	assert_int_equal(stream_count("auto", 8, 200000, 64, 64), 2);
	assert_int_equal(stream_count("8", 3, 300, 64, 64), 5);
	assert_int_equal(stream_count("8", 16, 300, 64, 64), 1);
	assert_int_equal(stream_count("auto", 60, 200000, 64, 64), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_auto),
		cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
