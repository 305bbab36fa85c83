// SPDX-License-Identifier: GPL-2.0-or-later
/* fleet/document: what a report says, and what is no report. */
#include "fleet/document.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/moment.h"
#include "reports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void test_all(void **state)
{
	struct document document =
		report("r1", 7,
		       "\"state\":\"converting\",\"step\":\"Copying\",\"server\":\"192.0.2.7\","
		       "\"guest\":\"web\",\"workdir\":\"/tmp/w\",\"elapsed\":50,\"place\":3,\"try\":2,"
		       "\"disks\":[{\"name\":\"/dev/sda\",\"size\":100,\"used\":40,\"read\":10,"
		       "\"rate\":5,\"remaining\":6},{\"name\":\"/dev/sdb\",\"size\":9}],"
		       "\"result\":{\"code\":4,\"reason\":\"no\\nroom\",\"test\":false}",
		       "{\"number\":2,\"time\":\"2026-11-28T09:00:09Z\",\"state\":\"failed\","
		       "\"reason\":\"no room\"},{\"number\":1,\"state\":\"network\"}",
		       ",\"changesLost\":3");

	(void)state;
	assert_string_equal(document.run, "r1");
	assert_int_equal(document.sequence, 7);
	assert_string_equal(document.model, "R640");
	assert_int_equal(document.memory, 1024);
	assert_string_equal(document.step, "Copying");
	assert_string_equal(document.workdir, "/tmp/w");
	assert_int_equal(document.place, 3);
	assert_int_equal(document.disks, 2);
	assert_int_equal(document.disk[0].used, 40);
	assert_true(document.disk[1].used == DOCUMENT_UNKNOWN);
	assert_int_equal(document.result, 4);
	assert_string_equal(document.reason, "no room"); /* in one line */
	assert_false(document.test);
	/* By number, whatever their order was. */
	assert_int_equal(document.changes, 2);
	assert_int_equal(document.change[0].number, 1);
	assert_string_equal(document.change[1].reason, "no room");
	assert_int_equal(document.time - document.change[1].time, 1500);
	assert_int_equal(document.lost, 3);
	assert_null(sd_json_variant_by_key(document.data, "changes"));
	assert_non_null(sd_json_variant_by_key(document.data, "status"));
	document_clear(&document);
}

static void test_inventory(void **state)
{
	struct document document =
		report("r1", 1, "\"result\":{\"code\":0}", "",
		       ",\"inventory\":{\"disks\":[{\"name\":\"sda\",\"size\":100,\"map\":{\"used\":7}}],"
		       "\"warnings\":[\"will fail because of LUKS\",\"\",3],\"hours\":1.5}");

	(void)state;
	assert_true(document.inventory);
	assert_int_equal(document.disk[0].used, 7);
	assert_int_equal(list_length(document.warnings), 1);
	assert_true(document.hours == 1.5);
	assert_non_null(document.found);
	document_clear(&document);
}

/* What comes from a machine is short, safe on a terminal, and a number has a limit. */
static void test_limits(void **state)
{
	char *name = text_format("\"state\":\"x\\u001b[2Jy\",\"guest\":\"%0*d\"", 3000, 0);
	struct document document =
		report("r1", 1, name, "{\"number\":1,\"state\":\"a\",\"time\":\"yesterday\"}",
		       ",\"inventory\":{\"disks\":[{\"size\":18446744073709551615,\"used\":-1,"
		       "\"read\":\"much\"}]}");

	(void)state;
	assert_string_equal(document.state, "x?[2Jy");
	assert_int_equal(strlen(document.guest), 200);
	assert_true(document.disk[0].size == DOCUMENT_NUMBER_MOST);
	assert_true(document.disk[0].used == DOCUMENT_UNKNOWN);
	assert_true(document.disk[0].read == DOCUMENT_UNKNOWN);
	assert_int_equal(document.change[0].time, 0);
	document_clear(&document);
	free(name);
}

static void refuses(const char *text, size_t length)
{
	AUTO_FREE char *reason = NULL;
	struct document document;

	assert_true(document_read(text, length, &document, &reason) < 0);
	assert_non_null(reason);
	assert_null(document.run);
	document_clear(&document);
}

static void test_nonsense(void **state)
{
	static const char *const texts[] = {
		"",
		"garbage",
		"[]",
		"{}",
		"{\"type\":\"io.p2vd.conversion.state\"}",
		"{\"type\":\"io.p2vd.conversion.state\",\"data\":[]}",
		"{\"type\":\"io.p2vd.conversion.state\",\"data\":{\"run\":\"r\"}}",
		"{\"type\":\"io.p2vd.conversion.state\",\"data\":{\"run\":\"a b\",\"sequence\":1}}",
		"{\"type\":\"io.p2vd.conversion.state\",\"data\":{\"run\":\"r\",\"sequence\":0}}",
		"{\"type\":\"com.example\",\"data\":{\"run\":\"r\",\"sequence\":1}}",
		"{\"type\":\"io.p2vd.x\",\"data\":{\"run\":\"r\",\"sequence\":1,\"changes\":[{}]}}",
		"{\"type\":\"io.p2vd.x\",\"data\":{\"run\":\"r\",\"sequence\":1,\"changes\":"
		"[{\"number\":1,\"state\":\"a\"},3]}}",
	};
	char *long_text = text_format("%0*d", DOCUMENT_MOST + 1, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		refuses(texts[i], strlen(texts[i]));
	refuses("{}\0{}", 5);
	refuses(long_text, strlen(long_text));
	free(long_text);
}

static void test_moment(void **state)
{
	AUTO_FREE char *text = moment_text(moment_read("2026-11-28T10:12:03.25+01:00"));

	(void)state;
	assert_string_equal(text, "2026-11-28T09:12:03Z");
	assert_int_equal(moment_read("1970-01-01T00:00:01.5Z"), 1500);
	assert_int_equal(moment_read("2026-11-28T09:12:03"), 0);
	assert_int_equal(moment_read("2026-11-28"), 0);
	assert_int_equal(moment_read("2026-11-28T09:12:03Zx"), 0);
	assert_int_equal(moment_read("0000-01-01T00:00:00Z"), 0);
	assert_int_equal(moment_read(NULL), 0);
	assert_null(moment_text(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),    cmocka_unit_test(test_inventory),
		cmocka_unit_test(test_limits), cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
