// SPDX-License-Identifier: GPL-2.0-or-later
/* What a disk or partition is a part of. */
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
/* libblkid's words. Those ending in "raid_member" are firmware RAIDs, except the first. */
static char *const types[] = {
	"linux_raid_member", "LVM2_member", "btrfs", "zfs_member", "bcache", "ldm",
	"isw_raid_member", "ddf_raid_member",
	"adaptec_raid_member", "hpt37x_raid_member", "hpt45x_raid_member", "jmicron_raid_member",
	"lsi_mega_raid_member", "nvidia_raid_member", "promise_fasttrack_raid_member",
	"silicon_medley_raid_member", "via_raid_member", NULL,
};
// clang-format on

static enum member_kind kind_of(const struct signature *signature)
{
	static const struct {
		const char *type;
		enum member_kind kind;
	} kinds[] = {
		{ "linux_raid_member", MEMBER_MD }, { "LVM2_member", MEMBER_LVM },
		{ "btrfs", MEMBER_BTRFS },          { "zfs_member", MEMBER_ZFS },
		{ "bcache", MEMBER_BCACHE },        { "ldm", MEMBER_LDM },
	};

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (!strcmp(signature->type, kinds[i].type))
			return kinds[i].kind;
	return MEMBER_FIRMWARE_RAID;
}

const char *member_type(const char *word)
{
	size_t i = 0;

	while (types[i] && strcmp(types[i], word) != 0)
		i++;
	return types[i];
}

/* Little-endian, as all are but those of DDF and LDM. */
static uint64_t number(const uint8_t *super, size_t offset, size_t size)
{
	assert(offset + size <= SUPERBLOCK);
	return bytes_little_endian(super + offset, size);
}

static uint64_t big_number(const uint8_t *super, size_t offset, size_t size)
{
	assert(offset + size <= SUPERBLOCK);
	return bytes_big_endian(super + offset, size);
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

/* Where a sector is in bytes; 0 where that is no number of bytes. */
static uint64_t place_of(uint64_t sector, uint64_t behind)
{
	const uint64_t most = INT64_MAX / DISK_SECTOR;

	return sector < most && behind < most - sector ? (sector + behind) * DISK_SECTOR : 0;
}

/* libblkid has no id of Intel's, and cuts that of a DDF, which is no text, at its first
 * zero byte. Of the other makers' RAIDs nothing is known. */
static void parse_firmware_raid(struct member *member, const char *type, const uint8_t *super)
{
	enum { ISW_FAMILY = 40, ISW_COUNT = 56 };
	enum { DDF_ID = 8, DDF_HEADER = 96, DDF_DISKS = 200 };

	free(steal(member->id));
	if (!strcmp(type, "isw_raid_member")) {
		member->id = text_format("%08" PRIx64, number(super, ISW_FAMILY, 4));
		member->count = (unsigned)number(super, ISW_COUNT, 1);
	} else if (!strcmp(type, "ddf_raid_member")) {
		member->id = text_format("%016" PRIx64 "%016" PRIx64 "%016" PRIx64,
					 number(super, DDF_ID, 8), number(super, DDF_ID + 8, 8),
					 number(super, DDF_ID + 16, 8));
		member->more = place_of(big_number(super, DDF_HEADER, 8),
					big_number(super, DDF_DISKS, 4));
	}
}

/* The id is that of the set of a cache and what it serves. A disk that has never been
 * cached has none, and needs no other. */
static void parse_bcache(struct member *member, const uint8_t *super)
{
	enum { SET = 32 }; /* from the magic number on */
	const uint64_t high = big_number(super, SET, 8), low = big_number(super, SET + 8, 8);

	free(steal(member->id));
	free(steal(member->name)); /* one disk's, not the set's */
	if (high || low)
		member->id = text_format("%016" PRIx64 "%016" PRIx64, high, low);
	else
		member_clear(member);
}

/* A text in a field of @length bytes, NULL for an empty one. The caller frees. */
static char *field(const uint8_t *super, size_t offset, size_t length)
{
	char *text = text_copy_length((const char *)super + offset, length);

	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	if (!*text)
		free(steal(text));
	return text;
}

/* The private header of a dynamic disk. Its group is described in a sector of a database,
 * whose place is always the same. */
static void parse_ldm(struct member *member, const uint8_t *super)
{
	enum { GROUP = 0xb0, GROUP_LENGTH = 64, NAME = 0xf0, NAME_LENGTH = 31 };
	enum { DATABASE = 0x12b, DATABASE_HEADER = 17 };

	if (memcmp(super, "PRIVHEAD", 8) != 0) {
		member_clear(member);
		return;
	}
	free(member->id);
	free(member->name);
	member->id = field(super, GROUP, GROUP_LENGTH);
	member->name = field(super, NAME, NAME_LENGTH);
	member->more = place_of(big_number(super, DATABASE, 8), DATABASE_HEADER);
}

static void parse_superblock(struct member *member, const char *type, const uint8_t *super)
{
	enum { BTRFS_COUNT = 72 }; /* from the magic number on */

	switch (member->kind) {
	case MEMBER_MD:
		parse_md(member, super);
		break;
	case MEMBER_FIRMWARE_RAID:
		parse_firmware_raid(member, type, super);
		break;
	case MEMBER_BTRFS:
		member->count = (unsigned)number(super, BTRFS_COUNT, 8);
		break;
	case MEMBER_BCACHE:
		parse_bcache(member, super);
		break;
	case MEMBER_LDM:
		parse_ldm(member, super);
		break;
	case MEMBER_NONE:
	case MEMBER_LVM:
	case MEMBER_ZFS:
		break;
	}
}

bool member_parse(struct member *member, const struct signature *signature, const uint8_t *bytes,
		  size_t length)
{
	assert(list_contains(types, signature->type));
	*member = (struct member){
		.kind = kind_of(signature),
		.type = member_type(signature->type),
		.id = text_copy(signature->id),
		.name = text_copy(signature->label),
	};
	if (member->kind == MEMBER_LVM)
		member_lvm_parse(member, bytes, length, signature->offset);
	else if (length < SUPERBLOCK)
		member_clear(member);
	else
		parse_superblock(member, signature->type, bytes);
	if (member->kind == MEMBER_BTRFS && member->count < 2)
		member_clear(member); /* on one device: no set */
	return member->kind != MEMBER_NONE;
}

void member_parse_more(struct member *member, const uint8_t *bytes, size_t length)
{
	enum { DDF_MAGIC = 0x22222222, DDF_USED = 8, LDM_DISKS = 0x91 };

	if (length < SUPERBLOCK)
		return;
	if (member->kind == MEMBER_FIRMWARE_RAID && big_number(bytes, 0, 4) == DDF_MAGIC)
		member->count = (unsigned)big_number(bytes, DDF_USED, 2);
	else if (member->kind == MEMBER_LDM && !memcmp(bytes, "VMDB", 4))
		member->count = (unsigned)big_number(bytes, LDM_DISKS, 4);
	if (member->kind == MEMBER_LDM && member->count == 1)
		member_clear(member); /* a group of one disk */
}

bool member_read(struct member *member, const char *root, const char *node)
{
	AUTO_FREE uint8_t *bytes = memory_zero(VOLUME_HEAD, 1);
	struct signature signature;
	ssize_t length;

	*member = (struct member){ 0 };
	if (signature_read(&signature, root, node, types)) {
		const bool lvm = kind_of(&signature) == MEMBER_LVM;

		length = disk_bytes(root, node, lvm ? 0 : signature.offset, bytes,
				    lvm ? VOLUME_HEAD : SUPERBLOCK);
		member_parse(member, &signature, bytes, length > 0 ? (size_t)length : 0);
	}
	signature_clear(&signature);
	if (member->more) {
		length = disk_bytes(root, node, member->more, bytes, SUPERBLOCK);
		member_parse_more(member, bytes, length > 0 ? (size_t)length : 0);
	}
	return member->kind != MEMBER_NONE;
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
		[MEMBER_ZFS] = "ZFS pool",
		[MEMBER_BCACHE] = "bcache set",
		[MEMBER_LDM] = "group of Windows dynamic disks",
	};

	assert(kind < COUNT(texts));
	return texts[kind];
}
