// SPDX-License-Identifier: GPL-2.0-or-later
/* member.c: what libblkid finds on files with superblocks, and what we read besides. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/member.h"
#include "fixtures.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define MD_ID "30313233-3435-3637-3839-616263646566"

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

/* @name, @id: NULL for none. */
static void assert_reads(const char *root, enum member_kind kind, const char *name, const char *id,
			 unsigned count)
{
	struct member member;

	assert_int_equal(member_read(&member, root, "sda1"), kind != MEMBER_NONE);
	assert_int_equal(member.kind, kind);
	assert_int_equal(member.count, count);
	assert_string_equal(member.name ? member.name : "none", name ? name : "none");
	assert_string_equal(member.id ? member.id : "none", id ? id : "none");
	member_clear(&member);
}

static void assert_nothing(const char *root)
{
	assert_reads(root, MEMBER_NONE, NULL, NULL, 0);
}

static void forget(const char *root)
{
	AUTO_FREE char *path = text_format("%s/dev/sda1", root);

	unlink(path);
}

static void knows_md_at_each_place(void **state)
{
	static const uint64_t places[] = { 0, 4096, FIXTURE_PARTITION - 8192 };

	for (size_t i = 0; i < COUNT(places); i++) {
		forget(*state);
		fixture_md_at(*state, "dev/sda1", "web:\1", 3, places[i]);
		assert_reads(*state, MEMBER_MD, "web:?", MD_ID, 3);
		/* A copy of it, in a place that it does not name. */
		tree_put_at(*state, "dev/sda1", FIXTURE_PARTITION, places[i] + 144, "\x77", 1);
		assert_nothing(*state);
	}
}

static void knows_old_md(void **state)
{
	fixture_old_md(*state, "dev/sda1", 2);
	assert_reads(*state, MEMBER_MD, "md127", "01234567-0000-0000-0000-000000000000", 2);
}

/* A mirror's file system begins where its member does. */
static void knows_a_member_by_its_array_first(void **state)
{
	AUTO_FREE char *make = text_format("mkfs.ext4 -q -F %s/dev/sda1 90000 2>&1",
					   (const char *)*state);

	tree_put_at(*state, "dev/sda1", FIXTURE_PARTITION, 0, "", 0);
	if (system(make) != 0) /* NOLINT(cert-env33-c): a test */
		skip();
	assert_nothing(*state);
	fixture_md_at(*state, "dev/sda1", "web:0", 2, FIXTURE_PARTITION - 8192);
	assert_reads(*state, MEMBER_MD, "web:0", MD_ID, 2);
	forget(*state);
	fixture_lvm(*state, "dev/sda1", 0, false);
	assert_reads(*state, MEMBER_LVM, "vg0", "AAAAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAAAA", 2);
	fixture_old_md(*state, "dev/sda1", 2);
	assert_reads(*state, MEMBER_MD, "md127", "01234567-0000-0000-0000-000000000000", 2);
}

static void knows_volumes(void **state)
{
	struct member member;

	fixture_lvm(*state, "dev/sda1", 1, false);
	assert_true(member_read(&member, *state, "sda1"));
	assert_string_equal(member.own_id, "111111-1111-1111-1111-1111-1111-111111");
	assert_int_equal(list_length(member.ids), 2);
	assert_string_equal(member.ids[1], member.own_id);
	assert_string_equal(member.devices[0], "/dev/sda2");
	member_clear(&member);
	/* One that keeps no text of its group. */
	forget(*state);
	fixture_lvm(*state, "dev/sda1", 1, true);
	assert_true(member_read(&member, *state, "sda1"));
	assert_string_equal(member.own_id, "111111-1111-1111-1111-1111-1111-111111");
	assert_null(member.id);
	assert_null(member.name);
	assert_null(member.ids);
	member_clear(&member);
	/* A label with an error in it is none. */
	tree_put_at(*state, "dev/sda1", FIXTURE_PARTITION, 540, "x", 1);
	assert_nothing(*state);
}

/* libblkid cuts the id of a DDF at its first zero, which two sets may have in common. */
static void knows_firmware_raid(void **state)
{
	fixture_isw(*state, "dev/sda1", 0x1a2b3c4d, 2);
	assert_reads(*state, MEMBER_FIRMWARE_RAID, NULL, "1a2b3c4d", 2);
	forget(*state);
	/* The same in sectors of 4096 bytes, where libblkid does not look. */
	tree_put_at(*state, "dev/sda1", FIXTURE_GIB, FIXTURE_GIB - 8192,
		    "Intel Raid ISM Cfg Sig. 1.3.00\0\0\0\0\0\0\0\0\0\0\x4d\x3c\x2b\x1a"
		    "\0\0\0\0\0\0\0\0\0\0\0\0\x03",
		    57);
	assert_reads(*state, MEMBER_FIRMWARE_RAID, NULL, "1a2b3c4d", 3);
	forget(*state);
	fixture_ddf(*state, "dev/sda1", "Linux-MD\xde\xad\xbe\xef\0\0\0\0abcdefgh", 0);
	assert_reads(*state, MEMBER_FIRMWARE_RAID, NULL,
		     "444d2d78756e694c00000000efbeadde6867666564636261", 0);
	fixture_ddf(*state, "dev/sda1", "Linux-MD\xde\xad\xbe\xef\0\0\0\0abcdefgh", 260);
	assert_reads(*state, MEMBER_FIRMWARE_RAID, NULL,
		     "444d2d78756e694c00000000efbeadde6867666564636261", 260);
	/* LSI's before it had DDF: no id, no number. */
	forget(*state);
	tree_put_at(*state, "dev/sda1", FIXTURE_GIB, FIXTURE_GIB - 512, "$XIDE$", 6);
	assert_reads(*state, MEMBER_FIRMWARE_RAID, NULL, NULL, 0);
}

static void knows_btrfs_of_several(void **state)
{
	fixture_btrfs(*state, "dev/sda1", 1);
	assert_nothing(*state);
	forget(*state);
	fixture_btrfs(*state, "dev/sda1", 4);
	assert_reads(*state, MEMBER_BTRFS, "pool", MD_ID, 4);
}

/* A disk that has never had a cache needs no other. */
static void knows_bcache(void **state)
{
	fixture_bcache(*state, "dev/sda1", "fedcba9876543210");
	assert_reads(*state, MEMBER_BCACHE, NULL, "66656463626139383736353433323130", 0);
	forget(*state);
	fixture_bcache(*state, "dev/sda1", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
	assert_nothing(*state);
}

#define GROUP "93b0c2a7-8e6b-11ee-b9d1-0242ac120002"

static void knows_dynamic_disks(void **state)
{
	static const char metadata[] =
		"\xaa\xc8\x08\x58\x8f\x7e\xe0\x42\x85\xd2\xe1\xe9\x04\x34\xcf\xb3";

	fixture_ldm(*state, "dev/sda1", GROUP, 3);
	assert_reads(*state, MEMBER_LDM, "Web-Dg0", GROUP, 3);
	/* A group of one disk needs no other. */
	fixture_ldm(*state, "dev/sda1", GROUP, 1);
	assert_nothing(*state);
	/* A database that is not there. */
	fixture_ldm(*state, "dev/sda1", GROUP, 3);
	tree_put_at(*state, "dev/sda1", FIXTURE_GIB, FIXTURE_GIB - (2048 - 17) * 512, "X", 1);
	assert_reads(*state, MEMBER_LDM, "Web-Dg0", GROUP, 0);
	/* The header of one that is no dynamic disk any more. */
	tree_put_at(*state, "dev/sda1", FIXTURE_GIB, 446 + 4, "\x07", 1);
	assert_nothing(*state);
	tree_put_at(*state, "dev/sda1", FIXTURE_GIB, 446 + 4, "\x42", 1);
	tree_put_at(*state, "dev/sda1", FIXTURE_GIB, 6 * 512ULL, "X", 1);
	assert_nothing(*state);
	/* With a GPT: in the last sector of partition 2, 2048 to 4095. */
	forget(*state);
	fixture_gpt_kind(*state, "dev/sda1", "0123456789abcdef", metadata, 512);
	fixture_ldm_at(*state, "dev/sda1", GROUP, 2, 4095 * 512ULL);
	assert_reads(*state, MEMBER_LDM, "Web-Dg0", GROUP, 2);
	fixture_gpt(*state, "dev/sda1", "0123456789abcdef");
	assert_nothing(*state);
}

/* libblkid knows its id and name, and nobody how many disks it has. */
static void knows_zfs(void **state)
{
	const struct signature signature = { "zfs_member", "1234567890", "rpool", 0 };
	uint8_t bytes[512] = { 0 };
	struct member member;

	(void)state;
	assert_true(member_parse(&member, &signature, bytes, sizeof(bytes)));
	assert_int_equal(member.kind, MEMBER_ZFS);
	assert_string_equal(member.id, "1234567890");
	assert_string_equal(member.name, "rpool");
	assert_int_equal(member.count, 0);
	member_clear(&member);
}

/* Each superblock cut off at every length, in memory exactly as large. */
static void bears_every_cut(void **state)
{
	static const char *const types[] = { "linux_raid_member",
					     "isw_raid_member",
					     "ddf_raid_member",
					     "btrfs",
					     "LVM2_member",
					     "bcache",
					     "ldm",
					     "zfs_member",
					     "via_raid_member" };

	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		const struct signature signature = { .type = (char *)types[i], .offset = 536 };

		for (size_t length = 0; length < 1100; length++) {
			AUTO_FREE uint8_t *bytes = malloc(length ? length : 1);
			struct member member;

			memset(bytes, 0xa5, length);
			member_parse(&member, &signature, bytes, length);
			member_parse_more(&member, bytes, length);
			member_clear(&member);
		}
	}
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(knows_md_at_each_place),
		ON_TREE(knows_old_md),
		ON_TREE(knows_a_member_by_its_array_first),
		ON_TREE(knows_volumes),
		ON_TREE(knows_firmware_raid),
		ON_TREE(knows_btrfs_of_several),
		ON_TREE(knows_bcache),
		ON_TREE(knows_dynamic_disks),
		cmocka_unit_test(knows_zfs),
		cmocka_unit_test(bears_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
