// SPDX-License-Identifier: GPL-2.0-or-later
/* The hardware address of a network card, as text. */
#include "base/hardware_address.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static void test_valid(void **state)
{
	static const char *const wrong[] = {
		"",
		"52",
		"52:54:00:12:34",
		"52:54:00:12:34:5",
		"52:54:00:12:34:567",
		"52:54:00:12:34:56:78",
		"52:54:00:12:34:5g",
		"52-54-00-12-34-56",
		"52:54:00-12:34:56",
		":52:54:00:12:34:56",
		" 52:54:00:12:34:56",
		"5:54:00:12:34:567",
		"525400123456",
	};

	(void)state;
	assert_true(hardware_address_is_valid("52:54:00:12:34:56", ':'));
	assert_true(hardware_address_is_valid("FE-dc-BA-98-76-54", '-'));
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (hardware_address_is_valid(wrong[i], ':'))
			fail_msg("'%s' is taken", wrong[i]);
}

/* What follows is the caller's, and one digit is enough. */
static void test_prefix(void **state)
{
	(void)state;
	assert_int_equal(hardware_address_prefix("52:54:00:12:34:56:network:lan", ':'), 17);
	assert_int_equal(hardware_address_prefix("52:54:0:12:34:56", ':'), 16);
	assert_int_equal(hardware_address_prefix("1:2:3:4:5:6", ':'), 11);
	assert_int_equal(hardware_address_prefix("1:2:3:4:5", ':'), 0);
	assert_int_equal(hardware_address_prefix("1:2:3:4:5:", ':'), 0);
	assert_int_equal(hardware_address_prefix("123:2:3:4:5:6", ':'), 0);
}

/* However it is written. */
static void test_read(void **state)
{
	static const char *const right[] = { "52:54:00:AB:cd:ef", "52-54-00-ab-cd-ef",
					     "5254.00ab.cdef", "525400ABCDEF" };
	static const char *const wrong[] = { "",
					     "52:54:00:ab:cd",
					     "52:54:00:ab:cd:ef:00",
					     "53:54:00:ab:cd:ef",
					     "00:00:00:00:00:00",
					     "52:54:00:ab:cd:eg",
					     ":525400abcdef",
					     "52 54 00 ab cd ef" };
	char address[HARDWARE_ADDRESS_LENGTH + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(right); i++) {
		assert_true(hardware_address_read(right[i], '-', address));
		assert_string_equal(address, "52-54-00-ab-cd-ef");
	}
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (hardware_address_read(wrong[i], ':', address))
			fail_msg("'%s' is taken", wrong[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
