// SPDX-License-Identifier: GPL-2.0-or-later
/* clock.c: what the difference of two clocks means. */
#include "base/memory.h"
#include "machine/clock.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define NOW 1795264200

static void assert_clock(int64_t ahead, enum rtc_basis basis, int offset)
{
	struct clock clock = clock_compare(NOW + ahead, NOW);

	if (clock.basis != basis || clock.offset != offset)
		fail_msg("%lld s ahead is %d, %d", (long long)ahead, clock.basis, clock.offset);
}

static void knows_utc(void **state)
{
	(void)state;
	assert_clock(0, RTC_UTC, 0);
	assert_clock(299, RTC_UTC, 0);
	assert_clock(-300, RTC_UTC, 0);
}

static void knows_local_time(void **state)
{
	static const int zones[] = { 3600,       -3600,     5 * 3600 + 1800,  5 * 3600 + 2700,
				     -12 * 3600, 14 * 3600, -9 * 3600 - 1800, 13 * 3600 + 2700 };

	(void)state;
	for (size_t i = 0; i < COUNT(zones); i++)
		for (int drift = -300; drift <= 300; drift += 100)
			assert_clock(zones[i] + drift, RTC_LOCALTIME, zones[i]);
}

static void does_not_guess(void **state)
{
	(void)state;
	assert_clock(301, RTC_UNKNOWN, 0);
	assert_clock(450, RTC_UNKNOWN, 0);
	assert_clock(900, RTC_UNKNOWN, 0);
	assert_clock(1800, RTC_UNKNOWN, 0);
	assert_clock(-13 * 3600, RTC_UNKNOWN, 0);
	assert_clock(15 * 3600, RTC_UNKNOWN, 0);
	assert_clock(86400 * 365, RTC_UNKNOWN, 0);
	assert_int_equal(clock_compare(CLOCK_NONE, NOW).basis, RTC_UNKNOWN);
	assert_int_equal(clock_compare(NOW, CLOCK_NONE).basis, RTC_UNKNOWN);
	assert_int_equal(clock_compare(INT64_MAX, -2).basis, RTC_UNKNOWN);
	assert_int_equal(clock_compare(INT64_MIN + 1, 2).basis, RTC_UNKNOWN);
}

static void reads_the_rtc(void **state)
{
	static const char *const wrong[][2] = {
		{ "", "" },
		{ "2026-11-21", "" },
		{ "2026-13-21", "12:30:00" },
		{ "2026-11-21x", "12:30:00" },
		{ "2026-11-21", "25:30:00" },
		{ "2026-11-21", "12:30" },
		{ "-", "-" },
	};
	char *root = tree_new();

	(void)state;
	assert_true(clock_rtc(root) == CLOCK_NONE);
	tree_put(root, "sys/class/rtc/rtc0/date", "2026-11-21\n");
	tree_put(root, "sys/class/rtc/rtc0/time", "12:30:00\n");
	assert_true(clock_rtc(root) == NOW);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		tree_put(root, "sys/class/rtc/rtc0/date", wrong[i][0]);
		tree_put(root, "sys/class/rtc/rtc0/time", wrong[i][1]);
		assert_true(clock_rtc(root) == CLOCK_NONE);
	}
	tree_remove(root);
}

static void tells_people(void **state)
{
	static const struct {
		struct clock clock;
		const char *text;
	} clocks[] = {
		{ { RTC_UNKNOWN, 0 }, "unknown" },
		{ { RTC_UTC, 0 }, "UTC" },
		{ { RTC_LOCALTIME, 7200 }, "local time, UTC+2:00" },
		{ { RTC_LOCALTIME, -34200 }, "local time, UTC-9:30" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(clocks); i++) {
		char *text = clock_text(&clocks[i].clock);

		assert_string_equal(text, clocks[i].text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_utc),      cmocka_unit_test(knows_local_time),
		cmocka_unit_test(does_not_guess), cmocka_unit_test(reads_the_rtc),
		cmocka_unit_test(tells_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
