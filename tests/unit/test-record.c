// SPDX-License-Identifier: GPL-2.0-or-later
/* fleet/record, fleet/group: how reports change what is known of a machine. */
#include "fleet/record.h"

#include "base/cleanup.h"
#include "reports.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW 1000000000000LL
#define MINUTE 60000

static const struct entry converts = { .state = ENTRY_CONVERT };
static const struct entry done = { .state = ENTRY_DONE };
static const struct entry given_up = { .state = ENTRY_GIVEN_UP, .failures = 3 };

static void take(struct record *record, int64_t now, const char *run, unsigned sequence,
		 const char *status, const char *changes)
{
	struct document document = report(run, sequence, status, changes, "");

	record_take(record, &document, now, now - NOW);
	document_clear(&document);
}

static void expect_group(const struct record *record, const struct entry *entry, int64_t now,
			 enum group group)
{
	assert_string_equal(group_name(record_group(record, entry, now - NOW)), group_name(group));
}

static void test_order(void **state)
{
	struct record record;

	(void)state;
	record_init(&record, "52-54-00-12-34-01");
	assert_false(record_is_known(&record));
	take(&record, NOW, "r1", 3, "\"state\":\"network\",\"guest\":\"new\"",
	     "{\"number\":1,\"state\":\"inventory\"},{\"number\":2,\"state\":\"network\"}");
	assert_string_equal(record.state, "network");
	/* One that was overtaken on its way changes nothing. */
	take(&record, NOW + 1, "r1", 2, "\"state\":\"inventory\",\"guest\":\"old\"",
	     "{\"number\":1,\"state\":\"inventory\"}");
	assert_string_equal(record.state, "network");
	assert_string_equal(record.last.guest, "new");
	assert_int_equal(record.numbers, 2);
	/* Another run is the newer one, whatever its number. */
	take(&record, NOW + 2, "r2", 1, "\"state\":\"inventory\"",
	     "{\"number\":1,\"state\":\"inventory\"}");
	assert_string_equal(record.state, "inventory");
	assert_int_equal(record.numbers, 1);
	assert_null(record.last.guest);
	record_clear(&record);
}

static void test_news(void **state)
{
	struct record record;
	struct document progress = report("r1", 2, "\"state\":\"network\"", "", "");
	struct document change = report("r1", 3, "", "{\"number\":2,\"state\":\"x\"}", "");
	struct document result = report("r1", 4, "\"result\":{\"code\":1}", "", "");
	struct document other = report("r2", 1, "", "", "");

	(void)state;
	record_init(&record, "52-54-00-12-34-01");
	assert_true(record_is_news(&record, &progress)); /* the first that is heard */
	take(&record, NOW, "r1", 1, "\"state\":\"network\"",
	     "{\"number\":1,\"state\":\"network\"}");
	assert_false(record_is_news(&record, &progress));
	assert_true(record_is_news(&record, &change));
	assert_true(record_is_news(&record, &result));
	assert_true(record_is_news(&record, &other));
	document_clear(&progress);
	document_clear(&change);
	document_clear(&result);
	document_clear(&other);
	record_clear(&record);
}

/* Another try of virt-v2v begins at 0: the sum of all never goes back. */
static void test_bytes(void **state)
{
	struct record record;

	(void)state;
	record_init(&record, "52-54-00-12-34-01");
	take(&record, NOW, "r1", 1,
	     "\"disks\":[{\"size\":100,\"read\":40},{\"size\":100,\"read\":2}]", "");
	assert_int_equal(record.bytes, 42);
	take(&record, NOW, "r1", 2,
	     "\"disks\":[{\"size\":100,\"read\":50},{\"size\":100,\"read\":2}]", "");
	assert_int_equal(record.bytes, 52);
	take(&record, NOW, "r1", 3, "\"try\":2,\"disks\":[{\"size\":100,\"read\":10}]", "");
	assert_int_equal(record.bytes, 62);
	/* What was read since then is known when it ends. */
	take(&record, NOW, "r1", 4, "\"disks\":[],\"result\":{\"code\":0,\"bytes\":152}", "");
	assert_int_equal(record.bytes, 152);
	take(&record, NOW, "r2", 1, "\"disks\":[{\"size\":100,\"read\":10}]", "");
	assert_int_equal(record.bytes, 10);
	take(&record, NOW, "r2", 2, "\"result\":{\"code\":1}", "");
	assert_int_equal(record.bytes, 10);
	record_clear(&record);
}

/* What p2vd has forgotten at its end, a p2v-fleetd that is started again knows, too. */
static void test_kept(void **state)
{
	struct record record, again;

	(void)state;
	record_init(&record, "52-54-00-12-34-01");
	take(&record, NOW, "r1", 1,
	     "\"server\":\"v2v1\",\"guest\":\"web\",\"workdir\":\"/tmp/w\","
	     "\"disks\":[{\"name\":\"sda\",\"size\":100,\"read\":40}]",
	     "");
	take(&record, NOW, "r1", 2, "\"disks\":[],\"result\":{\"code\":3}", "");
	record_copy(&again, &record);
	assert_int_equal(record.last.disks, 1);
	assert_string_equal(record.last.workdir, "/tmp/w");
	assert_int_equal(again.last.disks, 1);
	assert_string_equal(again.last.disk[0].name, "sda");
	assert_int_equal(again.last.disk[0].size, 100);
	assert_string_equal(again.last.server, "v2v1");
	assert_string_equal(again.last.guest, "web");
	assert_string_equal(again.last.workdir, "/tmp/w");
	record_clear(&again);
	record_clear(&record);
}

static void test_clock(void **state)
{
	struct record record;

	(void)state;
	record_init(&record, "52-54-00-12-34-01");
	/* The document is of 09:00:10.5 by the machine's clock, which is years behind. */
	take(&record, NOW, "r1", 1, "",
	     "{\"number\":1,\"state\":\"a\",\"time\":\"2026-11-28T09:00:00Z\"}");
	assert_int_equal(record.since, NOW - 10500);
	assert_int_equal(record.started, NOW - 10500);
	take(&record, NOW, "r1", 2, "",
	     "{\"number\":2,\"state\":\"b\",\"time\":\"2020-01-01T09:00:00Z\"}");
	assert_int_equal(record.since, NOW);
	record_clear(&record);
}

static void test_group(void **state)
{
	struct record record;

	(void)state;
	record_init(&record, "52-54-00-12-34-01");
	expect_group(&record, &converts, NOW, GROUP_EXPECTED);
	expect_group(&record, &done, NOW, GROUP_CONVERTED);
	expect_group(&record, &given_up, NOW, GROUP_GIVEN_UP);
	record.powered = NOW;
	record.switched = 0;
	expect_group(&record, &converts, NOW + 14 * MINUTE, GROUP_EXPECTED);
	expect_group(&record, &converts, NOW + 16 * MINUTE, GROUP_SILENT);
	record.skipped = true;
	expect_group(&record, &done, NOW, GROUP_SKIPPED);
	take(&record, NOW + MINUTE, "r1", 1, "\"state\":\"converting\"", "");
	expect_group(&record, &converts, NOW + 2 * MINUTE, GROUP_WORKING);
	expect_group(&record, &converts, NOW + 7 * MINUTE, GROUP_SILENT);
	take(&record, NOW + MINUTE, "r1", 2, "\"state\":\"queued\",\"place\":2", "");
	expect_group(&record, &converts, NOW + 2 * MINUTE, GROUP_QUEUED);
	expect_group(&record, &converts, NOW + 7 * MINUTE, GROUP_SILENT);
	take(&record, NOW + MINUTE, "r1", 3, "\"result\":{\"code\":4,\"reason\":\"no room\"}", "");
	assert_string_equal(record.reason, "no room");
	expect_group(&record, &converts, NOW + 60 * MINUTE, GROUP_FAILED);
	expect_group(&record, &given_up, NOW + 60 * MINUTE, GROUP_GIVEN_UP);
	expect_group(&record, &done, NOW + 60 * MINUTE, GROUP_SKIPPED);
	/* p2v-pxe has counted it, and then forgotten the count: somebody has said again. */
	record.mark = MARK_WRITTEN;
	expect_group(&record, &converts, NOW + 60 * MINUTE, GROUP_EXPECTED);
	take(&record, NOW + MINUTE, "r2", 1, "\"result\":{\"code\":0}", "");
	expect_group(&record, &converts, NOW, GROUP_CONVERTED);
	record.mark = MARK_WRITTEN;
	expect_group(&record, &done, NOW, GROUP_CONVERTED);
	expect_group(&record, &converts, NOW, GROUP_EXPECTED);
	record.inventory = true;
	expect_group(&record, &converts, NOW, GROUP_INVENTORY);
	record_clear(&record);
}

static void test_advice(void **state)
{
	struct record record;
	char *advice;

	(void)state;
	record_init(&record, "52-54-00-12-34-01");
	take(&record, NOW, "r1", 1,
	     "\"server\":\"192.0.2.7\",\"workdir\":\"/tmp/w\",\"result\":{\"code\":1}", "");
	advice = record_advice(&record, &converts, GROUP_FAILED);
	assert_non_null(strstr(advice, "/tmp/w on 192.0.2.7"));
	free(advice);
	advice = record_advice(&record, &done, GROUP_CONVERTED);
	assert_string_equal(advice, "turn it off before its guest starts");
	free(advice);
	record.power = POWER_OFF;
	assert_null(record_advice(&record, &done, GROUP_CONVERTED));
	record_clear(&record);
}

static void test_copy(void **state)
{
	struct record record, copy;

	(void)state;
	record_init(&record, "52-54-00-12-34-01");
	take(&record, NOW, "r1", 1, "\"disks\":[{\"size\":100,\"read\":40}]",
	     "{\"number\":1,\"state\":\"network\"}");
	record_copy(&copy, &record);
	record_clear(&record);
	assert_string_equal(copy.last.run, "r1");
	assert_int_equal(copy.last.disk[0].read, 40);
	assert_string_equal(copy.state, "network");
	record_clear(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),  cmocka_unit_test(test_news),
		cmocka_unit_test(test_bytes),  cmocka_unit_test(test_kept),
		cmocka_unit_test(test_clock),  cmocka_unit_test(test_group),
		cmocka_unit_test(test_advice), cmocka_unit_test(test_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
