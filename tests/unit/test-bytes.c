// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers as formats have them in bytes. */
#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static const uint8_t bytes[] = { 0x81, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0xf8, 0xff };

static void test_little_endian(void **state)
{
	(void)state;
	assert_int_equal(bytes_little_endian(bytes, 0), 0);
	assert_int_equal(bytes_little_endian(bytes, 1), 0x81);
	assert_int_equal(bytes_little_endian(bytes, 2), 0x0281);
	assert_int_equal(bytes_little_endian(bytes, 4), 0x04030281);
	assert_true(bytes_little_endian(bytes, 8) == 0xf807060504030281);
	/* Where a number need not begin. */
	assert_int_equal(bytes_little_endian(bytes + 1, 2), 0x0302);
}

static void test_big_endian(void **state)
{
	(void)state;
	assert_int_equal(bytes_big_endian(bytes, 0), 0);
	assert_int_equal(bytes_big_endian(bytes, 4), 0x81020304);
	assert_true(bytes_big_endian(bytes, 8) == 0x81020304050607f8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_little_endian),
		cmocka_unit_test(test_big_endian),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
