// SPDX-License-Identifier: GPL-2.0-or-later
/* The rate at which the relay asks: what passes in some time, however often it is looked at. */
#include "relay/pace.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BEGIN 5000000 /* milliseconds */

static void test_no_limit(void **state)
{
	struct pace pace = { 0 };

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		assert_int_equal(pace_wait(&pace, BEGIN), 0);
		pace_take(&pace, 1ULL << 30);
	}
}

/* Asks for @piece bytes whenever it may, and looks every @step milliseconds, for @time. */
static uint64_t run(struct pace *pace, uint64_t piece, unsigned step, uint64_t time)
{
	uint64_t taken = 0;

	for (uint64_t now = BEGIN; now < BEGIN + time; now += step)
		while (!pace_wait(pace, now)) {
			pace_take(pace, piece);
			taken += piece;
		}
	return taken;
}

static void test_rates(void **state)
{
	static const uint64_t rates[] = { 1, 10, 999, 1500, 65536, 1000000, 100000000, 5ULL << 30 };
	static const unsigned steps[] = { 1, 7, 90 };

	(void)state;
	for (size_t i = 0; i < COUNT(rates); i++) {
		for (size_t j = 0; j < COUNT(steps); j++) {
			uint64_t rate = rates[i], piece = rate < 1000 ? 1 : rate / 50;
			uint64_t time = rate < 1000 ? 20000 : 10000, all = rate * time / 1000;
			struct pace pace = { .rate = rate };
			uint64_t taken = run(&pace, piece, steps[j], time);

			/* A burst at the beginning, and the last piece. */
			if (taken > all + rate / 10 + piece + 1 || taken + rate / 5 + piece < all)
				fail_msg("%llu bytes per second, each %u ms: %llu in place of %llu",
					 (unsigned long long)rate, steps[j],
					 (unsigned long long)taken, (unsigned long long)all);
		}
	}
}

/* As long as it says, and no longer. */
static void test_wait(void **state)
{
	struct pace pace = { .rate = 1000 };
	int wait;

	(void)state;
	assert_int_equal(pace_wait(&pace, BEGIN), 0);
	pace_take(&pace, 5100); /* 100 of them at once */
	wait = pace_wait(&pace, BEGIN);
	assert_in_range(wait, 5000, 5001);
	for (uint64_t now = BEGIN + 100; now < BEGIN + 5000; now += 100)
		assert_true(pace_wait(&pace, now) > 0);
	assert_int_equal(pace_wait(&pace, BEGIN + 5001), 0);
}

/* Silence is not made up for. */
static void test_silence(void **state)
{
	struct pace pace = { .rate = 1000000 };
	uint64_t taken = 0;

	(void)state;
	assert_int_equal(pace_wait(&pace, BEGIN), 0);
	while (!pace_wait(&pace, BEGIN + 3600000)) {
		pace_take(&pace, 1000);
		taken += 1000;
	}
	assert_in_range(taken, 100000, 101000);
}

/* Another rate, or none, counts from then on. */
static void test_change(void **state)
{
	struct pace pace = { .rate = 1000 };

	(void)state;
	assert_int_equal(pace_wait(&pace, BEGIN), 0);
	pace_take(&pace, 1000000);
	assert_true(pace_wait(&pace, BEGIN) > 900000);
	pace.rate = 1000000;
	assert_in_range(pace_wait(&pace, BEGIN), 900, 1001);
	assert_int_equal(pace_wait(&pace, BEGIN + 1001), 0);
	pace.rate = 0;
	pace_take(&pace, 1000000);
	assert_int_equal(pace_wait(&pace, BEGIN + 1001), 0);
	pace.rate = UINT64_MAX;
	assert_int_equal(pace_wait(&pace, BEGIN + 2000), 0);
	pace_take(&pace, 32 << 20);
	assert_int_equal(pace_wait(&pace, BEGIN + 2001), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_limit), cmocka_unit_test(test_rates),
		cmocka_unit_test(test_wait),     cmocka_unit_test(test_silence),
		cmocka_unit_test(test_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
