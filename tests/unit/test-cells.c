// SPDX-License-Identifier: GPL-2.0-or-later
/* cells: CSV files as spreadsheets write them. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "bmc/cells.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* "LINE:CELL|CELL" for each record of @text, with / between; or the reason. The caller frees. */
static char *records_of(const char *text)
{
	AUTO_LIST char **all = NULL;
	struct cells cells;
	char **record = NULL, *reason = NULL;
	unsigned line = 0;
	int r;

	cells_begin(&cells, text);
	while ((r = cells_next(&cells, &record, &line, &reason)) > 0) {
		AUTO_FREE char *joined = list_join(record, "|");

		list_append(&all, text_format("%u:%s", line, joined));
		list_free(record);
	}
	return r < 0 ? reason : all ? list_join(all, "/") : text_copy("");
}

static void expect(const char *text, const char *records)
{
	AUTO_FREE char *found = records_of(text);

	assert_string_equal(found, records);
}

static void test_separators(void **state)
{
	(void)state;
	expect("mac,name\n1,a b \n", "1:mac|name/2:1|a b");
	expect("mac;name\r\n1; a,b\r\n", "1:mac|name/2:1|a,b");
	expect("mac\tname\r1\ta", "1:mac|name/2:1|a");
	expect("sep=;\nmac,x;name\n1;2", "2:mac,x|name/3:1|2");
	expect("\xef\xbb\xbfmac\n1\n", "1:mac/2:1");
	expect("", "");
}

static void test_quotes(void **state)
{
	(void)state;
	expect("mac,\"a \"\"b\"\"\"\n\"1,\n2\",3\n4,", "1:mac|a \"b\"/2:1,\n2|3/4:4|");
	expect("mac\n\"1\nx", "line 2: a double quote is opened and never closed");
	expect("mac\n\"1\" 2\n",
	       "line 2: text after a closing quote: within quotes, write a quote twice");
}

static void test_remarks(void **state)
{
	(void)state;
	expect("# a, b\n\n  \nmac,n\n#x,y\n1,2\n", "4:mac|n/6:1|2");
	expect("#where,mac\nrack,1\n", "1:#where|mac/2:rack|1");
	expect("mac,n\n#1,\"a\nb\"\n", "1:mac|n/2:#1|a\nb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_separators),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_remarks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
