// SPDX-License-Identifier: GPL-2.0-or-later
/* signature.c: what libblkid says of files that stand for disks, and of none. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/signature.h"
#include "fixtures.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <cmocka.h>

#define TYPES(...) ((char *[]){ __VA_ARGS__, NULL })

/* The GUID whose bytes are "0123456789abcdef": its first three numbers are little-endian. */
#define GUID "33323130-3534-3736-3839-616263646566"

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

/* @label: NULL where nothing is to be found. */
static void assert_label(const char *root, char *const *types, const char *label)
{
	struct signature signature;

	assert_int_equal(signature_read(&signature, root, "cciss!c0d0", types), label != NULL);
	if (label)
		assert_string_equal(signature.label, label);
	else
		assert_null(signature.type);
	signature_clear(&signature);
}

static void finds_what_is_asked_for(void **state)
{
	fixture_md(*state, "dev/cciss/c0d0", 2);
	fixture_btrfs(*state, "dev/cciss/c0d0", 2);
	assert_label(*state, TYPES("btrfs"), "pool");
	assert_label(*state, TYPES("linux_raid_member"), "web:0");
	assert_label(*state, TYPES("btrfs", "linux_raid_member"), "web:0");
	assert_label(*state, TYPES("iso9660", "no such word"), NULL);
}

static void says_where_it_stands(void **state)
{
	struct signature signature;

	fixture_md(*state, "dev/sda", 2);
	assert_true(signature_read(&signature, *state, "sda", TYPES("linux_raid_member")));
	assert_string_equal(signature.type, "linux_raid_member");
	assert_string_equal(signature.id, "30313233-3435-3637-3839-616263646566");
	assert_int_equal(signature.offset, 4096);
	signature_clear(&signature);
}

/* A FIFO would hold whoever opens it as a file. */
static void finds_nothing_in_what_is_no_disk(void **state)
{
	AUTO_FREE char *path = text_format("%s/dev/cciss/c0d0", (const char *)*state);
	AUTO_FREE char *made = tree_path(*state, "dev/cciss/c0d0");

	assert_label(*state, TYPES("btrfs"), NULL);
	tree_put(*state, "dev/cciss/c0d0", "");
	assert_label(*state, TYPES("btrfs"), NULL);
	tree_put(*state, "dev/cciss/c0d0", "_BHRfS_M");
	assert_label(*state, TYPES("btrfs"), NULL);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_label(*state, TYPES("btrfs"), NULL);
	assert_null(signature_partitions(*state, "cciss!c0d0"));
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_label(*state, TYPES("btrfs"), NULL);
	assert_null(signature_partitions(*state, "cciss!c0d0"));
}

/* As of a tape that breaks: reading /proc/self/mem at its begin is an I/O error. */
static void finds_nothing_in_what_cannot_be_read(void **state)
{
	tree_link(*state, "dev/cciss/c0d0", "/proc/self/mem");
	assert_label(*state, TYPES("btrfs"), NULL);
	assert_null(signature_partitions(*state, "cciss!c0d0"));
}

/* @expected: "2 ID, 3 ID" */
static void assert_partitions(const char *root, const char *expected)
{
	AUTO_LIST char **partitions = signature_partitions(root, "sda");
	AUTO_FREE char *text = list_join(partitions, ", ");

	assert_string_equal(text, expected);
}

static void finds_partitions_of_a_gpt(void **state)
{
	fixture_gpt(*state, "dev/sda", "0123456789abcdef");
	assert_partitions(*state, "2 " GUID);
	/* One wrong byte in the table, and no second one at the disk's end. */
	tree_put_at(*state, "dev/sda", FIXTURE_GIB, 1024 + 128 + 60, "x", 1);
	assert_partitions(*state, "");
}

static void counts_in_the_disks_sectors(void **state)
{
	fixture_gpt_of(*state, "dev/sda", "0123456789abcdef", 4096);
	assert_partitions(*state, "");
	tree_put(*state, "sys/block/sda/queue/logical_block_size", "4096\n");
	assert_partitions(*state, "2 " GUID);
}

static void finds_partitions_of_an_mbr(void **state)
{
	uint8_t sector[512] = { 0 };

	fixture_put_number(sector + 440, 0x1234abcd, 4);
	for (size_t i = 0; i < 2; i++) {
		sector[446 + 16 * i + 4] = 0x83;
		fixture_put_number(sector + 446 + 16 * i + 8, 2048 * (i + 1), 4);
		fixture_put_number(sector + 446 + 16 * i + 12, 2048, 4);
	}
	memcpy(sector + 510, "\x55\xaa", 2);
	tree_put_at(*state, "dev/sda", FIXTURE_GIB, 0, sector, sizeof(sector));
	assert_partitions(*state, "1 1234abcd-01, 2 1234abcd-02");
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(finds_what_is_asked_for),
		ON_TREE(says_where_it_stands),
		ON_TREE(finds_nothing_in_what_is_no_disk),
		ON_TREE(finds_nothing_in_what_cannot_be_read),
		ON_TREE(finds_partitions_of_a_gpt),
		ON_TREE(counts_in_the_disks_sectors),
		ON_TREE(finds_partitions_of_an_mbr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
