// SPDX-License-Identifier: GPL-2.0-or-later
/* lun.c: which disks are several paths to one LUN; and what it costs to find out. */
#include "base/cleanup.h"
#include "base/list.h"
#include "disks/disks.h"
#include "fixtures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define READS_FOR_EACH 30 /* of a path's attributes; nearly all need two */

/* How often this process has called read(2), pread(2) and their like; 0 where the kernel
 * does not count. */
static unsigned long long reads(void)
{
	AUTO_FCLOSE FILE *file = fopen("/proc/self/io", "re");
	unsigned long long count = 0;
	char line[80];

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "syscr: %llu", &count);
	return count;
}

static void reads_each_path_once(void **state)
{
	char *root = tree_new();
	AUTO_FREE char *reason = NULL;
	unsigned long long before;
	struct disks disks;

	(void)state;
	fixture_paths(root);
	before = reads();
	assert_int_equal(disks_find(root, NULL, NULL, &disks, &reason), 0);
	before = reads() - before;
	print_message("%llu reads for %d paths\n", before, FIXTURE_LUNS * FIXTURE_PATHS);
	assert_true(before <= READS_FOR_EACH * FIXTURE_LUNS * FIXTURE_PATHS);
	assert_int_equal(disks.count, FIXTURE_LUNS);
	for (size_t i = 0; i < disks.count; i++)
		assert_int_equal(list_length(disks.disk[i].paths), FIXTURE_PATHS);
	disks_clear(&disks);
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_path_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
