// SPDX-License-Identifier: GPL-2.0-or-later
/* bad_sectors: the relay's list in words. */
#include "transfer/bad_sectors.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct disk disk[] = {
	{ .name = (char *)"sda", .serial = (char *)"S3R1AL" },
	{ .name = (char *)"a:b c" },
};
static const struct disks disks = { .disk = disk, .count = 2 };

static void check(const char *root, const char *list, const char *expected)
{
	AUTO_LIST char **lines = bad_sectors_describe(&disks, list, root);
	AUTO_FREE char *text = list_join(lines, "|");

	assert_string_equal(text, expected);
}

static void test_words(void **state)
{
	char *root = tree_new();

	(void)state;
	tree_put(root, "sys/class/block/sda/sda1/start", "8\n");
	tree_put(root, "sys/class/block/sda/sda1/size", "8\n");
	tree_put(root, "sys/class/block/sda/queue/x", "8\n");
	check(root, "", "");
	check(root, "sda 0 512\n", "sector 0 of the disk 'sda' (serial number S3R1AL)");
	check(root, "sda 4096 4096",
	      "sectors 8 to 15 of the disk 'sda' (serial number S3R1AL), in sda1");
	check(root, "sda 8192 512\n", "sector 16 of the disk 'sda' (serial number S3R1AL)");
	/* Those that follow each other are one. */
	check(root, "sda 0 512\nsda 512 512\nsda 1024 1024\na_b c 2048 512\n",
	      "sector 4 of the disk 'a_b c'|sectors 0 to 3 of the disk 'sda' (serial number S3R1AL)");
	check(root, "sda 512 512\nsdb 0 512\nsda 0 512\n",
	      "sectors 0 to 1 of the disk 'sda' (serial number S3R1AL)|sector 0 of the disk 'sdb'");
	/* What is no such line ends it. */
	check(root, "sda 0 512\nsda x 512\nsda 512 512",
	      "sector 0 of the disk 'sda' (serial number S3R1AL)");
	check(root, "sda\n", "");
	check(root, "sda 1 0\n", "");
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_words) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
