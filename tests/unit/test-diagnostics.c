// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnostics.c: each file that users of virt-p2v know has a command. */
#include "base/memory.h"
#include "inventory/diagnostics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void has_every_file(void **state)
{
	static const char *const expected[] = { "dmesg", "lscpu", "lspci", "lsscsi", "lsusb" };
	const struct diagnostic *entry = diagnostics_table();

	(void)state;
	for (size_t i = 0; i < COUNT(expected); i++, entry++) {
		assert_string_equal(entry->file, expected[i]);
		assert_string_equal(entry->argv[0], expected[i]);
	}
	assert_null(entry->file);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(has_every_file) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
