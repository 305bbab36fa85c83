// SPDX-License-Identifier: GPL-2.0-or-later
/* grid and words: the fleet as a table. */
#include "base/cleanup.h"
#include "base/list.h"
#include "json.h"
#include "roster/detail.h"
#include "roster/grid.h"
#include "roster/overview.h"
#include "roster/summary.h"
#include "roster/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct grid_column columns[] = {
	{ "NAME", false, 0 }, { "MAC", false, 2 },  { "EMPTY", false, 1 },
	{ "DONE", true, 1 },  { "NOTE", false, 0 }, { NULL, false, 0 },
};

static void expect_grid(unsigned width, const char *lines)
{
	char *const one[] = { (char *)"w\xc3\xa4"
				      "b",
			      (char *)"52:54", NULL, (char *)"7 %", NULL };
	char *const two[] = { (char *)"database", (char *)"52:55", NULL, NULL,
			      (char *)"failed for a reason that is long" };
	struct grid *grid = grid_new(columns);
	AUTO_LIST char **found = NULL;
	AUTO_FREE char *joined = NULL;

	grid_row(grid, one);
	grid_row(grid, two);
	found = grid_lines(grid, width);
	joined = list_join(found, "\n");
	assert_string_equal(joined, lines);
	grid_free(grid);
}

static void test_grid(void **state)
{
	(void)state;
	expect_grid(0, "NAME      MAC    DONE  NOTE\n"
		       "w\xc3\xa4"
		       "b       52:54   7 %\n"
		       "database  52:55        failed for a reason that is long");
	expect_grid(40, "NAME      MAC    DONE  NOTE\n"
			"w\xc3\xa4"
			"b       52:54   7 %\n"
			"database  52:55        failed for a r...");
	expect_grid(34, "NAME      DONE  NOTE\n"
			"w\xc3\xa4"
			"b        7 %\n"
			"database        failed for a re...");
	expect_grid(20, "NAME      NOTE\n"
			"w\xc3\xa4"
			"b\n"
			"database  failed ...");
}

#define FLEET                                                                             \
	"{\"now\":\"2026-11-28T12:00:00Z\",\"counts\":{\"converted\":2,\"failed\":1,"     \
	"\"working\":1,\"queued\":1},\"remaining\":3600,\"machines\":["                   \
	"{\"mac\":\"52:54:00:00:00:01\",\"name\":\"web10\",\"group\":\"converted\","      \
	"\"power\":\"off\"},"                                                             \
	"{\"mac\":\"52:54:00:00:00:02\",\"name\":\"web9\",\"group\":\"converted\"},"      \
	"{\"mac\":\"52:54:00:00:00:03\",\"group\":\"working\",\"state\":\"converting\","  \
	"\"server\":\"a\",\"size\":2147483648,\"used\":1073741824,\"read\":536870912,"    \
	"\"rate\":1048576,\"remaining\":90,\"since\":\"2026-11-28T11:00:00.5Z\"},"        \
	"{\"mac\":\"52:54:00:00:00:04\",\"name\":\"db\",\"group\":\"failed\",\"reason\":" \
	"\"no room\\u001b[2J\",\"advice\":\"make room\",\"failures\":2},"                 \
	"{\"mac\":\"52:54:00:00:00:05\",\"name\":\"q\",\"group\":\"queued\",\"place\":3}]}"

static char *joined(char **lines)
{
	AUTO_LIST char **list = lines;

	return list_join(list, "\n");
}

static void test_list(void **state)
{
	sd_json_variant *document = json(FLEET);
	AUTO_FREE char *lines = joined(overview_lines(document, 0));
	AUTO_FREE char *counts = words_counts(document);

	(void)state;
	assert_string_equal(lines,
			    "NAME               MAC                STATE                SERVER  DONE       RATE  LEFT   SINCE  NOTE\n"
			    "db                 52:54:00:00:00:04  failed                                                      no room?[2J; make room\n"
			    "52:54:00:00:00:03  52:54:00:00:00:03  working: converting  a       50 %  1.0 MiB/s  1:30  60 min\n"
			    "q                  52:54:00:00:00:05  queued, place 3\n"
			    "web9               52:54:00:00:00:02  converted                                                   not known to be off: turn it off before its guest starts\n"
			    "web10              52:54:00:00:00:01  converted                                                   it is off");
	assert_string_equal(counts,
			    "5 machines: 1 failed, 1 working, 1 queued, 2 converted; all are done in about 1:00:00");
	sd_json_variant_unref(document);
}

static void test_inventory(void **state)
{
	sd_json_variant *document =
		json("{\"machines\":[{\"mac\":\"52:54:00:00:00:01\",\"name\":\"a\",\"group\":\"expected\"},"
		     "{\"mac\":\"52:54:00:00:00:02\",\"name\":\"b\",\"group\":\"inventory\",\"model\":\"R1\","
		     "\"size\":1073741824,\"used\":1048576,\"hours\":2},"
		     "{\"mac\":\"52:54:00:00:00:03\",\"name\":\"c\",\"group\":\"inventory\",\"size\":1024,"
		     "\"warnings\":[\"one\",\"two\"]}]}");
	AUTO_FREE char *lines = joined(overview_inventory(document, 55));

	(void)state;
	assert_string_equal(lines, "NAME  MODEL     SIZE     USED  HOURS  WARNINGS\n"
				   "c            1.0 KiB                  one; two\n"
				   "a                                     not looked thr...\n"
				   "b     R1     1.0 GiB  1.0 MiB    2.0");
	sd_json_variant_unref(document);
}

static void test_summary(void **state)
{
	sd_json_variant *document =
		json("{\"counts\":{\"converted\":1},\"machines\":[{\"mac\":\"52:54:00:00:00:01\",\"name\":\"a\","
		     "\"group\":\"converted\",\"power\":\"off\",\"started\":\"2026-11-28T11:00:00Z\","
		     "\"ended\":\"2026-11-28T12:30:05Z\",\"read\":1073741824,\"failures\":1}]}");
	AUTO_FREE char *lines = joined(summary_lines(document, 0));

	(void)state;
	assert_string_equal(lines,
			    "1 machine: 1 converted\n"
			    "1.0 GiB were read, from the first start to the last end in 1:30:05; failed runs: 1\n"
			    "NAME  MAC                RESULT     STARTED                  TOOK     READ  FAILED  NOTE\n"
			    "a     52:54:00:00:00:01  converted  2026-11-28T11:00:00Z  1:30:05  1.0 GiB       1  it is off");
	sd_json_variant_unref(document);
}

static void test_detail(void **state)
{
	sd_json_variant *machine =
		json("{\"mac\":\"52:54:00:00:00:01\",\"name\":\"a\",\"group\":\"failed\",\"tries\":3,"
		     "\"warnings\":[\"x\",7,\"y\"],\"runs\":[{\"started\":\"S\",\"ended\":\"E\",\"result\":3,"
		     "\"reason\":\"no\",\"bytes\":1024}],\"events\":[{\"time\":\"T\",\"state\":\"failed\"}]}");
	AUTO_FREE char *lines = joined(detail_lines(machine));

	(void)state;
	assert_string_equal(lines, "machine       a\n"
				   "mac           52:54:00:00:00:01\n"
				   "state         failed\n"
				   "tries         3\n"
				   "power         unknown\n"
				   "warnings      x\n"
				   "              y\n"
				   "runs\n"
				   "  S to E: failed, code 3, read 1.0 KiB: no\n"
				   "events\n"
				   "  T  failed");
	sd_json_variant_unref(machine);
}

/* p2v-fleetd may be newer, or older, or something else. */
static void test_strange(void **state)
{
	static const char *const texts[] = {
		"{}", "[]", "7", "{\"machines\":7}",
		"{\"machines\":[7,{},[],{\"group\":\"new\",\"mac\":5}]}"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		sd_json_variant *document = json(texts[i]);
		AUTO_FREE char *list = joined(overview_lines(document, 30));
		AUTO_FREE char *inventory = joined(overview_inventory(document, 0));
		AUTO_FREE char *summary = joined(summary_lines(document, 0));
		AUTO_FREE char *detail = joined(detail_lines(document));

		assert_non_null(list && inventory && summary && detail ? list : NULL);
		sd_json_variant_unref(document);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grid),      cmocka_unit_test(test_list),
		cmocka_unit_test(test_inventory), cmocka_unit_test(test_summary),
		cmocka_unit_test(test_detail),    cmocka_unit_test(test_strange),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
