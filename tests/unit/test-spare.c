// SPDX-License-Identifier: GPL-2.0-or-later
/* What /proc/stat says of time to spare. */
#include "relay/spare.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_read(void **state)
{
	(void)state;
	assert_int_equal(spare_read("cpu  199731 0 115809 132956 3125 0 3709 1246 0 0\ncpu0 1",
				    100),
			 1360810);
	assert_int_equal(spare_read("cpu  1 2 3 4 5\n", 1000), 9);
	assert_int_equal(spare_read("cpu  1 2 3 4", 100), 0);
	assert_int_equal(spare_read("intr 1 2 3 4 5", 100), 0);
	assert_int_equal(spare_read("", 100), 0);
}

static void test_note(void **state)
{
	struct spare spare = { 0 };

	(void)state;
	assert_false(spare_note(&spare, 5000, 1000)); /* nothing to compare with */
	assert_true(spare_note(&spare, 5500, 2000));
	assert_false(spare_note(&spare, 5999, 3000));
	assert_true(spare_note(&spare, 13999, 4000)); /* eight processors */
	assert_false(spare_note(&spare, 13999, 5000));
	assert_true(spare_note(&spare, 0, 6000)); /* unknown */
}

static void test_look(void **state)
{
	struct spare spare = { 0 };

	(void)state;
	assert_false(spare_look(&spare, 1000));
	assert_true(spare.idle > 0);
	assert_int_equal(spare.looked, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_note),
		cmocka_unit_test(test_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
