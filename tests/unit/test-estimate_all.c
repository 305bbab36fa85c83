// SPDX-License-Identifier: GPL-2.0-or-later
/* fleet/estimate_all: how long it takes until all machines are converted. */
#include "fleet/estimate_all.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

#define UNKNOWN ESTIMATE_UNKNOWN

/* 10 bytes a second, two at a time. */
static const struct estimate_rates rates = { .bytes = 1000, .seconds = 100, .slots = 2 };

static void test_all(void **state)
{
	const uint64_t working[] = { 100, 50 };
	const uint64_t waiting[] = { 300, 200, 1000 };

	(void)state;
	assert_int_equal(estimate_all(&rates, working, 2, waiting, 0), 100);
	/* 50+30=80, 80+20=100, 100+100=200. */
	assert_int_equal(estimate_all(&rates, working, 2, waiting, 3), 200);
	assert_int_equal(estimate_all(&rates, working, 0, waiting, 3), 120);
	assert_int_equal(estimate_all(&rates, working, 0, waiting, 0), 0);
}

static void test_unknown(void **state)
{
	const struct estimate_rates nothing = { .slots = 1 };
	const uint64_t working[] = { 100, UNKNOWN };
	const uint64_t waiting[] = { 300, UNKNOWN };

	(void)state;
	/* One that is not known counts as the mean of the others. */
	assert_int_equal(estimate_all(&rates, working, 2, waiting, 0), 100);
	assert_int_equal(estimate_all(&rates, working, 0, waiting, 2), 30);
	assert_true(estimate_all(&rates, working + 1, 1, waiting, 0) == UNKNOWN);
	assert_true(estimate_all(&rates, working, 1, waiting + 1, 1) == UNKNOWN);
	assert_true(estimate_all(&nothing, working, 1, waiting, 1) == UNKNOWN);
	assert_int_equal(estimate_all(&nothing, working, 1, waiting, 0), 100);
	assert_true(estimate_one(&nothing, 5) == UNKNOWN);
	assert_int_equal(estimate_one(&rates, 50), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
