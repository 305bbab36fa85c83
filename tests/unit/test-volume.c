// SPDX-License-Identifier: GPL-2.0-or-later
/* volume.c, volume_reading.c: what is on a disk, for people. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/volume_reading.h"
#include "fixtures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define MIB ((uint64_t)1 << 20)

static int build(void **state)
{
	*state = tree_new();
	return 0;
}

static int destroy(void **state)
{
	tree_remove(*state);
	return 0;
}

/* @lines, of which it becomes the owner, is @expected, whose lines are joined by '|'. */
static void check(char **lines, const char *expected)
{
	AUTO_FREE char *joined = list_join(lines, "|");

	assert_string_equal(joined, expected);
	list_free(lines);
}

static void put_entry(uint8_t *sector, size_t which, int kind, uint32_t begin, uint32_t count)
{
	uint8_t *entry = sector + 446 + 16 * which;

	entry[4] = (uint8_t)kind;
	fixture_put_number(entry + 8, begin, 4);
	fixture_put_number(entry + 12, count, 4);
}

/* An MBR with swap at 1 MiB, a partition for EFI with nothing in it, one that Windows recovers
 * from, and an extended one. */
static void put_table(const char *root, const char *node)
{
	uint8_t sector[512] = { 0 }, swap[4096] = { 0 };

	put_entry(sector, 0, 0x82, 2048, 2048);
	put_entry(sector, 1, 0xef, 4096, 2048);
	put_entry(sector, 2, 0x27, 6144, 2048);
	put_entry(sector, 3, 0x05, 8192, 2048);
	memcpy(sector + 510, "\x55\xaa", 2);
	swap[1024] = 1; /* the version */
	fixture_put_number(swap + 1028, 255, 4); /* the last page */
	memcpy(swap + 1024 + 28, "memory\033", 7);
	memcpy(swap + 4086, "SWAPSPACE2", 10);
	tree_put_at(root, node, FIXTURE_GIB, 0, sector, sizeof(sector));
	tree_put_at(root, node, FIXTURE_GIB, MIB, swap, sizeof(swap));
}

static void reads_a_file_by_its_table(void **state)
{
	AUTO_FREE char *path = text_format("%s/disk", (const char *)*state);
	struct volumes volumes;

	put_table(*state, "disk");
	volumes_read(&volumes, "/no/such/root", path, NULL);
	check(volumes_lines(&volumes, NULL), "partition 1: swap 'memory?', 1.0 MiB|"
					     "partition 2: EFI system, 1.0 MiB|"
					     "partition 3: Windows recovery, 1.0 MiB");
	volumes_clear(&volumes);
}

/* The nodes come in the order of their names, and an extended partition is none for people. */
static void reads_the_nodes(void **state)
{
	static char *nodes[] = { "sda1", "sda10", "sda2", "sda4", NULL };
	struct volumes volumes;

	put_table(*state, "dev/sda");
	fixture_md(*state, "dev/sda1", 2);
	fixture_lvm(*state, "dev/sda10", 0, false);
	volumes_read(&volumes, *state, "sda", nodes);
	volumes_name_sets(&volumes,
			  (char *[]){ "sda1: MD array 'web:0'", "sda: a set of all", NULL });
	assert_int_equal(volumes.count, 3);
	assert_string_equal(volumes.volume[0].name, "sda1");
	assert_string_equal(volumes.volume[0].set, "MD array 'web:0'");
	assert_string_equal(volumes.volume[1].name, "sda2");
	assert_string_equal(volumes.volume[1].purpose, "EFI system");
	assert_string_equal(volumes.volume[2].name, "sda10");
	assert_string_equal(volumes.volume[2].type, "LVM2_member");
	assert_null(volumes.volume[2].set);
	volumes_clear(&volumes);
}

static void reads_what_has_the_whole_disk(void **state)
{
	struct volumes volumes;

	fixture_lvm(*state, "dev/cciss/c0d0", 0, false);
	volumes_read(&volumes, *state, "cciss!c0d0", NULL);
	assert_int_equal(volumes.count, 1);
	volumes_name_sets(&volumes, (char *[]){ "cciss!c0d0: LVM volume group 'vg0'", NULL });
	assert_string_equal(volumes.volume[0].name, "cciss/c0d0");
	assert_string_equal(volumes.volume[0].set, "LVM volume group 'vg0'");
	volumes_clear(&volumes);
	volumes_read(&volumes, *state, "sdq", NULL);
	assert_int_equal(volumes.count, 0);
	volumes_clear(&volumes);
}

/* By GPT, whose types are GUIDs: the bytes of e3c9e316-0b5c-4db8-817d-f92df00215ae. */
static void knows_purposes(void **state)
{
	struct volumes volumes;

	fixture_gpt_kind(*state, "dev/sda", "a GUID of ours..",
			 "\x16\xe3\xc9\xe3\x5c\x0b\xb8\x4d\x81\x7d\xf9\x2d\xf0\x02\x15\xae", 512);
	volumes_read(&volumes, *state, "sda", (char *[]){ "sda2", NULL });
	assert_int_equal(volumes.count, 1);
	assert_string_equal(volumes.volume[0].purpose, "reserved by Windows");
	volumes_clear(&volumes);
}

static void tells_each_set_once(void **state)
{
	struct volume one = { .name = (char *)"sda1",
			      .size = MIB,
			      .type = (char *)"LVM2_member",
			      .set = (char *)"LVM volume group 'a'" };
	struct volume other = { .name = (char *)"sda2", .size = MIB };
	struct volume all[2] = { one, other };
	const struct volumes volumes = { all, 2 };

	(void)state;
	check(volumes_lines(&volumes,
			    (char *[]){ "sda1: LVM volume group 'a'", "sda2: held by 'b'", NULL }),
	      "sda1: LVM volume group 'a', 1.0 MiB|sda2: nothing known, 1.0 MiB|sda2: held by 'b'");
	assert_null(volumes_lines(&(struct volumes){ 0 }, NULL));
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(reads_a_file_by_its_table),     ON_TREE(reads_the_nodes),
		ON_TREE(reads_what_has_the_whole_disk), ON_TREE(knows_purposes),
		cmocka_unit_test(tells_each_set_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
