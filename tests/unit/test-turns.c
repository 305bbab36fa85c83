// SPDX-License-Identifier: GPL-2.0-or-later
/* turns and appointment: whom to switch on, and when. */
#include "base/cleanup.h"
#include "base/text.h"
#include "json.h"
#include "roster/appointment.h"
#include "roster/starting.h"
#include "roster/turns.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add(struct turns *turns, const char *text)
{
	sd_json_variant *machine = json(text);

	turns_add(turns, machine);
	sd_json_variant_unref(machine);
}

static enum turn_news look(struct turns *turns, size_t index, const char *text, uint64_t now)
{
	sd_json_variant *machine = text ? json(text) : NULL;
	enum turn_news news = turn_look(turns, &turns->turn[index], machine, now);

	sd_json_variant_unref(machine);
	return news;
}

static void test_places(void **state)
{
	struct turns turns = { .most = 2, .patience = 900 };

	(void)state;
	add(&turns, "{\"mac\":\"a\"}");
	add(&turns, "{\"mac\":\"b\"}");
	add(&turns, "{\"mac\":\"c\"}");
	add(&turns, "{\"mac\":\"b\"}");
	assert_int_equal(turns.count, 3);
	assert_ptr_equal(turns_next(&turns), &turns.turn[0]);
	turns.turn[0].state = TURN_SWITCHES;
	assert_ptr_equal(turns_next(&turns), &turns.turn[1]);
	turn_begin(&turns.turn[1], 0);
	assert_null(turns_next(&turns));
	/* One that could not be switched on takes no place, nor does one that has ended. */
	turns.turn[0].state = TURN_REFUSED;
	assert_ptr_equal(turns_next(&turns), &turns.turn[2]);
	turn_begin(&turns.turn[2], 0);
	assert_null(turns_next(&turns));
	turns.most = 0;
	turns.turn[0].state = TURN_WAITS;
	assert_ptr_equal(turns_next(&turns), &turns.turn[0]);
	turns_clear(&turns);
}

#define OLD "{\"mac\":\"a\",\"group\":\"failed\",\"run\":\"1\",\"seen\":\"T1\"}"

static void test_earlier_run(void **state)
{
	struct turns turns = { .most = 1, .patience = 900 };

	(void)state;
	add(&turns, OLD);
	turn_begin(&turns.turn[0], 100);
	/* What an earlier run has come to is not the end of this one. */
	assert_int_equal(look(&turns, 0, OLD, 110), NEWS_NONE);
	assert_int_equal(look(&turns, 0, "{\"group\":\"working\",\"run\":\"2\",\"seen\":\"T2\"}",
			      120),
			 NEWS_HEARD);
	assert_int_equal(look(&turns, 0, "{\"group\":\"working\",\"run\":\"2\",\"seen\":\"T3\"}",
			      130),
			 NEWS_NONE);
	assert_int_equal(look(&turns, 0, "{\"group\":\"failed\",\"run\":\"2\",\"seen\":\"T4\"}",
			      140),
			 NEWS_ENDED);
	assert_int_equal(look(&turns, 0, "{\"group\":\"failed\",\"run\":\"2\",\"seen\":\"T4\"}",
			      150),
			 NEWS_NONE);
	turns_clear(&turns);
}

/* It has reported while it waited for its turn, without us. */
static void test_renewed(void **state)
{
	sd_json_variant *machine = json("{\"run\":\"2\",\"seen\":\"T2\"}");
	struct turns turns = { .most = 1, .patience = 900 };

	(void)state;
	add(&turns, OLD);
	turn_renew(&turns.turn[0], machine);
	sd_json_variant_unref(machine);
	turn_begin(&turns.turn[0], 100);
	assert_int_equal(look(&turns, 0, "{\"group\":\"failed\",\"run\":\"2\",\"seen\":\"T2\"}",
			      110),
			 NEWS_NONE);
	assert_int_equal(look(&turns, 0, "{\"group\":\"failed\",\"run\":\"3\",\"seen\":\"T3\"}",
			      120),
			 NEWS_ENDED);
	turns_clear(&turns);
}

static void test_silent(void **state)
{
	struct turns turns = { .most = 1, .patience = 900 };

	(void)state;
	add(&turns, "{\"mac\":\"a\",\"group\":\"expected\"}");
	add(&turns, "{\"mac\":\"b\",\"group\":\"expected\"}");
	turn_begin(&turns.turn[0], 100);
	assert_int_equal(look(&turns, 0, "{\"group\":\"silent\"}", 999), NEWS_NONE);
	assert_int_equal(look(&turns, 0, NULL, 1000), NEWS_SILENT);
	assert_int_equal(look(&turns, 0, NULL, 1001), NEWS_NONE);
	assert_ptr_equal(turns_next(&turns), &turns.turn[1]);
	/* It comes late: it counts again. */
	assert_int_equal(look(&turns, 0, "{\"group\":\"working\",\"run\":\"9\",\"seen\":\"T\"}",
			      1100),
			 NEWS_HEARD);
	assert_null(turns_next(&turns));
	assert_int_equal(look(&turns, 0, "{\"group\":\"silent\",\"run\":\"9\",\"seen\":\"T\"}",
			      2000),
			 NEWS_SILENT);
	turns_clear(&turns);
}

static void test_refusal(void **state)
{
	static const struct {
		const char *machine, *part;
	} tries[] = {
		{ "{\"entry\":\"convert\",\"group\":\"expected\"}", NULL },
		{ "{\"entry\":\"convert\",\"group\":\"failed\"}", NULL },
		{ "{\"entry\":\"convert\",\"group\":\"inventory\"}", NULL },
		{ "{\"entry\":\"convert\",\"group\":\"working\"}", "at work" },
		{ "{\"entry\":\"convert\",\"group\":\"silent\",\"seen\":\"2026-11-28T11:00:01Z\","
		  "\"powered\":\"2026-11-28T11:00:00Z\"}",
		  "at work" },
		{ "{\"entry\":\"convert\",\"group\":\"silent\",\"seen\":\"2026-11-28T11:00:00Z\","
		  "\"powered\":\"2026-11-28T12:00:00Z\"}",
		  NULL },
		{ "{\"entry\":\"done\",\"group\":\"converted\"}", "own disk" },
		{ "{\"entry\":\"given up\",\"group\":\"given up\"}", "given up" },
		{ "{\"entry\":\"none\",\"group\":\"inventory\"}", "p2v-pxe apply" },
		{ "{}", "p2v-pxe apply" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		sd_json_variant *machine = json(tries[i].machine);
		const char *refusal = starting_refusal(machine);

		assert_true(tries[i].part ? refusal && strstr(refusal, tries[i].part) : !refusal);
		sd_json_variant_unref(machine);
	}
}

/* Sat 2026-11-28 12:00 in Berlin. */
#define NOON 1795863600

static void expect_time(const char *text, const char *moment)
{
	AUTO_FREE char *reason = NULL;
	char found[32];
	time_t then = 0;

	assert_int_equal(appointment_read(text, NOON, &then, &reason), moment ? 0 : -EINVAL);
	assert_true(moment ? !reason : reason != NULL);
	strftime(found, sizeof(found), "%a %Y-%m-%d %H:%M:%S", localtime(&then));
	if (moment)
		assert_string_equal(found, moment);
}

static void test_appointment(void **state)
{
	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	expect_time("22:00", "Sat 2026-11-28 22:00:00");
	expect_time("11:59", "Sun 2026-11-29 11:59:00");
	expect_time("12:00", "Sun 2026-11-29 12:00:00");
	expect_time("Sat 22:00", "Sat 2026-11-28 22:00:00");
	expect_time("sat 9:05", "Sat 2026-12-05 09:05:00");
	expect_time("Friday 22:00:30", "Fri 2026-12-04 22:00:30");
	expect_time("2026-12-31 23:59", "Thu 2026-12-31 23:59:00");
	expect_time("2027-07-01T08:00", "Thu 2027-07-01 08:00:00");
	expect_time("2026-11-28 11:00", NULL);
	expect_time("2026-12-31", NULL);
	expect_time("25:00", NULL);
	expect_time("22", NULL);
	expect_time("tonight", NULL);
	expect_time("22:00 *", NULL);
	expect_time("", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),  cmocka_unit_test(test_earlier_run),
		cmocka_unit_test(test_renewed), cmocka_unit_test(test_silent),
		cmocka_unit_test(test_refusal), cmocka_unit_test(test_appointment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
