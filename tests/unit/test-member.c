// SPDX-License-Identifier: GPL-2.0-or-later
/* member.c: superblocks of arrays and of btrfs. LVM: test-fixtures. */
#include "base/memory.h"
#include "disks/member.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define GIB ((uint64_t)1 << 30)

static uint8_t head[MEMBER_TAIL], tail[MEMBER_TAIL];

/* A disk of 1 GiB with @length bytes at @offset from its begin, or, where that
 * is negative, from its end. */
static struct member parsed(const void *bytes, size_t length, long offset)
{
	struct member member;

	memset(head, 0, sizeof(head));
	memset(tail, 0, sizeof(tail));
	memcpy(offset < 0 ? tail + sizeof(tail) + offset : head + offset, bytes, length);
	member_parse(&member, head, sizeof(head), tail, sizeof(tail), GIB);
	return member;
}

static void put(uint8_t *at, uint64_t value, int size)
{
	for (int i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

static void knows_md_at_each_place(void **state)
{
	static const struct {
		long offset;
		uint64_t sector;
	} places[] = { { 0, 0 }, { 4096, 8 }, { -8192, (GIB - 8192) / 512 } };

	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		uint8_t super[256] = { 0 };
		struct member member;

		put(super, 0xa92b4efc, 4);
		put(super + 4, 1, 4);
		memcpy(super + 16, "0123456789abcdef", 16);
		memcpy(super + 32, "web:\1", 5);
		put(super + 92, 3, 4);
		put(super + 144, places[i].sector, 8);
		member = parsed(super, sizeof(super), places[i].offset);
		assert_int_equal(member.kind, MEMBER_MD);
		assert_string_equal(member.name, "web:?");
		assert_string_equal(member.id, "30313233343536373839616263646566");
		assert_int_equal(member.count, 3);
		member_clear(&member);
		/* A copy of it, in a place that it does not name. */
		put(super + 144, places[i].sector + 1, 8);
		member = parsed(super, sizeof(super), places[i].offset);
		assert_int_equal(member.kind, MEMBER_NONE);
		member_clear(&member);
	}
}

static void knows_old_md(void **state)
{
	uint8_t super[64] = { 0 };
	struct member member;

	(void)state;
	put(super, 0xa92b4efc, 4);
	put(super + 40, 2, 4);
	put(super + 44, 127, 4);
	member = parsed(super, sizeof(super), -65536);
	assert_int_equal(member.kind, MEMBER_MD);
	assert_string_equal(member.name, "md127");
	assert_int_equal(member.count, 2);
	member_clear(&member);
}

static void knows_firmware_raid(void **state)
{
	uint8_t super[64] = "Intel Raid ISM Cfg Sig. 1.3.00";
	struct member member;

	(void)state;
	super[56] = 2;
	member = parsed(super, sizeof(super), -1024);
	assert_int_equal(member.kind, MEMBER_FIRMWARE_RAID);
	assert_null(member.name);
	assert_int_equal(member.count, 2);
	member_clear(&member);
}

static void knows_btrfs_of_several(void **state)
{
	uint8_t super[600] = { 0 };
	struct member member;

	(void)state;
	memcpy(super + 64, "_BHRfS_M", 8);
	memcpy(super + 299, "pool", 4);
	put(super + 136, 1, 8);
	member = parsed(super, sizeof(super), 65536);
	assert_int_equal(member.kind, MEMBER_NONE);
	member_clear(&member);
	put(super + 136, 4, 8);
	member = parsed(super, sizeof(super), 65536);
	assert_int_equal(member.kind, MEMBER_BTRFS);
	assert_string_equal(member.name, "pool");
	assert_int_equal(member.count, 4);
	member_clear(&member);
}

static void knows_nothing_of_nothing(void **state)
{
	struct member member;

	(void)state;
	assert_false(member_parse(&member, NULL, 0, NULL, 0, 0));
	member_clear(&member);
	assert_false(member_parse(&member, head, 0, tail, 0, UINT64_MAX));
	member_clear(&member);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_md_at_each_place),
		cmocka_unit_test(knows_old_md),
		cmocka_unit_test(knows_firmware_raid),
		cmocka_unit_test(knows_btrfs_of_several),
		cmocka_unit_test(knows_nothing_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
