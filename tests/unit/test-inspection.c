// SPDX-License-Identifier: GPL-2.0-or-later
/* How much memory p2v-map may take. */
#include "blocks/inspection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define MIB ((uint64_t)1 << 20)

static void test_memory(void **state)
{
	(void)state;
	/* A machine with 480 MiB, one with 64 GiB, and one that has nearly none left. */
	assert_int_equal(inspection_memory("MemTotal:  470000 kB\n"
					   "MemFree:   120000 kB\n"
					   "MemAvailable:  245760 kB\n"),
			 120 * MIB);
	assert_int_equal(inspection_memory("MemAvailable:   60000000 kB\n"), 1024 * MIB);
	assert_int_equal(inspection_memory("MemAvailable:   20000 kB\n"), 64 * MIB);
	/* Where it is not told. */
	assert_int_equal(inspection_memory("MemAvailable: much\n"), 64 * MIB);
	assert_int_equal(inspection_memory("MemTotal: 470000 kB\n"), 64 * MIB);
	assert_int_equal(inspection_memory(NULL), 64 * MIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
