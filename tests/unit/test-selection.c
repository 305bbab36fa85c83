// SPDX-License-Identifier: GPL-2.0-or-later
/* What a person chooses out of a list, and the value that says so. */
#include "base/cleanup.h"
#include "dialog/selection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Three disks are offered and @value chooses; the names in their order then, chosen ones with *. */
static void check(const char *value, const char *items, const char *said)
{
	struct selection selection = { 0 };
	AUTO_FREE char *again = NULL;
	char text[200] = "";

	selection_add(&selection, "sda", NULL);
	selection_add(&selection, "sdb", NULL);
	selection_add(&selection, "sdc", NULL);
	selection_choose(&selection, value);
	for (size_t i = 0; i < selection.count; i++) {
		strcat(text, i ? " " : "");
		strcat(text, selection.item[i].chosen ? "*" : "");
		strcat(text, selection.item[i].name);
	}
	assert_string_equal(text, items);
	again = selection_value(&selection);
	assert_string_equal(again, said);
	selection_clear(&selection);
	assert_int_equal(selection.count, 0);
}

static void test_values(void **state)
{
	(void)state;
	check(NULL, "*sda *sdb *sdc", "sda,sdb,sdc");
	check("", "sda sdb sdc", "");
	check("sdb", "*sdb sda sdc", "sdb");
	/* The order is that of the guest. */
	check("sdc,sda", "*sdc *sda sdb", "sdc,sda");
	check("/dev/sdb,sda", "*sdb *sda sdc", "sdb,sda");
	/* One that is not offered. */
	check("sda,/mnt/disk.img", "*sda */mnt/disk.img sdb sdc", "sda,/mnt/disk.img");
	/* A comma within a name is written twice. */
	check("/a,,b,sda", "*/a,b *sda sdb sdc", "/a,,b,sda");
	check("sda,sda,", "*sda sdb sdc", "sda");
}

static void test_toggling(void **state)
{
	struct selection selection = { 0 };
	AUTO_FREE char *one = NULL, *all = NULL;

	(void)state;
	selection_add(&selection, "eth0", NULL);
	selection_add(&selection, "eth1", NULL);
	selection_choose(&selection, NULL);
	selection.item[0].chosen = false;
	one = selection_value(&selection);
	assert_string_equal(one, "eth1");
	selection.item[0].chosen = true;
	all = selection_value(&selection);
	assert_string_equal(all, "eth0,eth1");
	selection_clear(&selection);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_toggling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
