// SPDX-License-Identifier: GPL-2.0-or-later
/* fleet/metrics, fleet/csv: their texts, to the byte. */
#include "fleet/metrics.h"

#include "base/cleanup.h"
#include "fleet/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char expected[] =
	"# HELP p2v_machines Machines, by how they stand.\n"
	"# TYPE p2v_machines gauge\n"
	"p2v_machines{state=\"failed\"} 0\n"
	"p2v_machines{state=\"given up\"} 1\n"
	"p2v_machines{state=\"silent\"} 2\n"
	"p2v_machines{state=\"working\"} 3\n"
	"p2v_machines{state=\"queued\"} 4\n"
	"p2v_machines{state=\"expected\"} 5\n"
	"p2v_machines{state=\"inventory\"} 6\n"
	"p2v_machines{state=\"converted\"} 7\n"
	"p2v_machines{state=\"skipped\"} 8\n"
	"# HELP p2v_transferred_bytes_total Bytes read from the disks of all machines.\n"
	"# TYPE p2v_transferred_bytes_total counter\n"
	"p2v_transferred_bytes_total 12345678901234\n"
	"# HELP p2v_conversion_seconds How long conversions took that succeeded.\n"
	"# TYPE p2v_conversion_seconds histogram\n"
	"p2v_conversion_seconds_bucket{le=\"60\"} 2\n"
	"p2v_conversion_seconds_bucket{le=\"300\"} 3\n"
	"p2v_conversion_seconds_bucket{le=\"900\"} 3\n"
	"p2v_conversion_seconds_bucket{le=\"1800\"} 3\n"
	"p2v_conversion_seconds_bucket{le=\"3600\"} 3\n"
	"p2v_conversion_seconds_bucket{le=\"7200\"} 3\n"
	"p2v_conversion_seconds_bucket{le=\"14400\"} 3\n"
	"p2v_conversion_seconds_bucket{le=\"28800\"} 3\n"
	"p2v_conversion_seconds_bucket{le=\"57600\"} 3\n"
	"p2v_conversion_seconds_bucket{le=\"86400\"} 3\n"
	"p2v_conversion_seconds_bucket{le=\"172800\"} 4\n"
	"p2v_conversion_seconds_bucket{le=\"+Inf\"} 5\n"
	"p2v_conversion_seconds_sum 472871\n"
	"p2v_conversion_seconds_count 5\n";

static void test_metrics(void **state)
{
	const unsigned machines[GROUPS] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	static const uint64_t seconds[] = { 10, 60, 61, 172800, 299940 };
	struct metrics metrics = { .bytes = 12345678901234 };
	char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++)
		metrics_add(&metrics, 7, seconds[i]);
	text = metrics_text(&metrics, machines);
	assert_string_equal(text, expected);
	assert_int_equal(metrics.converted, 35);
	free(text);
}

/* All that is counted has a name of its own, by which it is kept. */
static void test_counters(void **state)
{
	struct metrics metrics, zero = { 0 };
	char name[32], names[20][32];
	uint64_t *counter;
	size_t count = 0;

	(void)state;
	memset(&metrics, 0xff, sizeof(metrics));
	for (; (counter = metrics_counter(&metrics, count, name)); count++) {
		*counter = 0;
		for (size_t i = 0; i < count; i++)
			assert_string_not_equal(name, names[i]);
		memcpy(names[count], name, sizeof(name));
	}
	assert_memory_equal(&metrics, &zero, sizeof(zero));
}

static void test_csv(void **state)
{
	const struct database_run failed = {
		.run = "r1",
		.mac = "52-54-00-12-34-01",
		.server = "192.0.2.7",
		.reason = "=cmd|' /C calc'!A0 \"quoted\"",
		.started = 1700000000000,
		.ended = 1700000060000,
		.result = 4,
		.bytes = 5,
		.seconds = 60,
		.tries = 2,
	};
	const struct database_run converted = { .run = "r2",
						.mac = "52-54-00-12-34-02",
						.guest = "db",
						.started = 1700000000000,
						.result = 0,
						.tries = 1 };
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	fleet_csv_head(out);
	fleet_csv_run(out, &failed, "web,1", 3);
	fleet_csv_run(out, &converted, NULL, 0);
	fleet_csv_machine(out, "52-54-00-12-34-03", "x", "expected");
	fclose(out);
	assert_string_equal(text,
			    "mac,name,outcome,started,ended,seconds,bytes,server,guest,exit_code,reason,tries,failures,run\r\n"
			    "52:54:00:12:34:01,\"web,1\",failed,2023-11-14T22:13:20Z,2023-11-14T22:14:20Z,60,5,\"192.0.2.7\",,4,"
			    "\"'=cmd|' /C calc'!A0 \"\"quoted\"\"\",2,3,\"r1\"\r\n"
			    "52:54:00:12:34:02,,converted,2023-11-14T22:13:20Z,,0,0,,\"db\",0,,1,0,\"r2\"\r\n"
			    "52:54:00:12:34:03,\"x\",expected,,,,,,,,,,,\r\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_metrics),
		cmocka_unit_test(test_counters),
		cmocka_unit_test(test_csv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
