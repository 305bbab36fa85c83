// SPDX-License-Identifier: GPL-2.0-or-later
/* pause: how long to wait before a new try, by how long the outage has lasted. */
#include "base/pause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND 1000000ULL

static void check(uint64_t outage, uint64_t longest)
{
	uint64_t least = UINT64_MAX, most = 0;

	for (unsigned i = 0; i < 10000; i++) {
		uint64_t pause = pause_of_outage(outage);

		least = pause < least ? pause : least;
		most = pause > most ? pause : most;
	}
	assert_true(most <= longest);
	assert_true(least >= longest - longest / 4);
	/* By chance: they are not all the same. */
	assert_true(most - least > longest / 8);
}

static void test_pauses(void **state)
{
	(void)state;
	check(0, SECOND);
	check(20 * SECOND, SECOND);
	check(40 * SECOND, 2 * SECOND);
	check(60 * SECOND, 3 * SECOND);
	check(599 * SECOND, 3 * SECOND);
	check(600 * SECOND, 30 * SECOND);
	check(86400 * SECOND, 30 * SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_pauses) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
