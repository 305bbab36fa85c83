// SPDX-License-Identifier: GPL-2.0-or-later
/* What a disk or partition is a part of. All numbers on them are little-endian. */
#include "disks/member.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/disk.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define VOLUME_HEAD ((size_t)1 << 20) /* LVM's label and text are in these first bytes */
#define SUPERBLOCK 512 /* what we read of the others is in these, from the signature on */

// clang-format off: many a line
/* libblkid's words. All but the first three are firmware RAIDs. */
static char *const types[] = {
	"linux_raid_member", "LVM2_member", "btrfs", "isw_raid_member", "ddf_raid_member",
	"adaptec_raid_member", "hpt37x_raid_member", "hpt45x_raid_member", "jmicron_raid_member",
	"lsi_mega_raid_member", "nvidia_raid_member", "promise_fasttrack_raid_member",
	"silicon_medley_raid_member", "via_raid_member", NULL,
};
// clang-format on

static enum member_kind kind_of(const struct signature *signature)
{
	if (!strcmp(signature->type, "linux_raid_member"))
		return MEMBER_MD;
	if (!strcmp(signature->type, "LVM2_member"))
		return MEMBER_LVM;
	return !strcmp(signature->type, "btrfs") ? MEMBER_BTRFS : MEMBER_FIRMWARE_RAID;
}

static uint64_t number(const uint8_t *super, size_t offset, size_t size)
{
	assert(offset + size <= SUPERBLOCK);
	return bytes_little_endian(super + offset, size);
}

/* Version 0.90 has no name, but the N of /dev/mdN. A big-endian machine writes its numbers
 * the other way round, the magic number among them: then only the id is known. */
static void parse_md(struct member *member, const uint8_t *super)
{
	enum { MAGIC = 0, VERSION = 4, OLD_COUNT = 40, OLD_N = 44, NEW_COUNT = 92 };
	const bool old = !number(super, VERSION, 4);

	if (number(super, MAGIC, 4) != 0xa92b4efc)
		return;
	member->count = (unsigned)number(super, old ? OLD_COUNT : NEW_COUNT, 4);
	if (old && !member->name)
		member->name = text_format("md%" PRIu64, number(super, OLD_N, 4));
}

/* libblkid has no id of Intel's, and cuts that of a DDF, which is no text, at its first
 * zero byte. The number of a DDF's parts is not known; of the others, nothing is. */
static void parse_firmware_raid(struct member *member, const char *type, const uint8_t *super)
{
	enum { ISW_FAMILY = 40, ISW_COUNT = 56, DDF_ID = 8 };

	free(member->id);
	member->id = NULL;
	if (!strcmp(type, "isw_raid_member")) {
		member->id = text_format("%08" PRIx64, number(super, ISW_FAMILY, 4));
		member->count = (unsigned)number(super, ISW_COUNT, 1);
	} else if (!strcmp(type, "ddf_raid_member")) {
		member->id = text_format("%016" PRIx64 "%016" PRIx64 "%016" PRIx64,
					 number(super, DDF_ID, 8), number(super, DDF_ID + 8, 8),
					 number(super, DDF_ID + 16, 8));
	}
}

bool member_parse(struct member *member, const struct signature *signature, const uint8_t *bytes,
		  size_t length)
{
	enum { BTRFS_COUNT = 72 }; /* from the magic number on */

	assert(list_contains(types, signature->type));
	*member = (struct member){
		.kind = kind_of(signature),
		.id = text_copy(signature->id),
		.name = text_copy(signature->label),
	};
	if (member->kind == MEMBER_LVM)
		member_lvm_parse(member, bytes, length, signature->offset);
	else if (length < SUPERBLOCK)
		member_clear(member);
	else if (member->kind == MEMBER_MD)
		parse_md(member, bytes);
	else if (member->kind == MEMBER_FIRMWARE_RAID)
		parse_firmware_raid(member, signature->type, bytes);
	else
		member->count = (unsigned)number(bytes, BTRFS_COUNT, 8);
	if (member->kind == MEMBER_BTRFS && member->count < 2)
		member_clear(member); /* on one device: no set */
	return member->kind != MEMBER_NONE;
}

bool member_read(struct member *member, const char *root, const char *node)
{
	AUTO_FREE uint8_t *bytes = memory_zero(VOLUME_HEAD, 1);
	struct signature signature;
	bool is = signature_read(&signature, root, node, types);

	*member = (struct member){ 0 };
	if (is) {
		const bool lvm = kind_of(&signature) == MEMBER_LVM;
		ssize_t length = disk_bytes(root, node, lvm ? 0 : signature.offset, bytes,
					    lvm ? VOLUME_HEAD : SUPERBLOCK);

		is = member_parse(member, &signature, bytes, length > 0 ? (size_t)length : 0);
	}
	signature_clear(&signature);
	return is;
}

void member_clear(struct member *member)
{
	free(member->id);
	free(member->name);
	free(member->own_id);
	list_free(member->ids);
	list_free(member->devices);
	*member = (struct member){ 0 };
}

const char *member_kind_text(enum member_kind kind)
{
	static const char *const texts[] = {
		[MEMBER_NONE] = "nothing",
		[MEMBER_MD] = "MD array",
		[MEMBER_FIRMWARE_RAID] = "firmware RAID",
		[MEMBER_LVM] = "LVM volume group",
		[MEMBER_BTRFS] = "btrfs",
	};

	assert(kind < COUNT(texts));
	return texts[kind];
}
