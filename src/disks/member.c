// SPDX-License-Identifier: GPL-2.0-or-later
/* What a disk or partition is a part of: MD, firmware RAID, btrfs. LVM: member_lvm.c. */
#include "disks/member.h"

#include "base/bytes.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/member_lvm.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MD_MAGIC 0xa92b4efc
#define KIB ((uint64_t)1024)

/* The bytes of an area of which only begin and end are known. */
struct area {
	const uint8_t *head, *tail;
	size_t head_length, tail_length;
	uint64_t size;
};

/* @length bytes from @offset on, NULL where they are not known. */
static const uint8_t *at(const struct area *area, uint64_t offset, size_t length)
{
	uint64_t tail_start = area->size - area->tail_length;

	if (offset <= area->head_length && length <= area->head_length - offset)
		return area->head + offset;
	if (area->tail_length > area->size || offset < tail_start)
		return NULL;
	offset -= tail_start;
	return offset <= area->tail_length && length <= area->tail_length - offset ?
		       area->tail + offset :
		       NULL;
}

static uint32_t u32(const uint8_t *bytes)
{
	return (uint32_t)bytes_little_endian(bytes, 4);
}

static uint64_t u64(const uint8_t *bytes)
{
	return bytes_little_endian(bytes, 8);
}

static char *hex(const uint8_t *bytes, size_t length)
{
	char *text = memory_zero(2 * length + 1, 1);

	for (size_t i = 0; i < length; i++) {
		text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	return text;
}

/* A text of at most @length bytes, NULL when it is empty. */
static char *printable(const uint8_t *bytes, size_t length)
{
	char *text = text_copy_length((const char *)bytes, strnlen((const char *)bytes, length));

	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	if (*text)
		return text;
	free(text);
	return NULL;
}

static bool parse_md1(struct member *member, const struct area *area, uint64_t offset)
{
	enum { UUID = 16, NAME = 32, SUPER_OFFSET = 144, DISKS = 92, LENGTH = 256 };
	const uint8_t *super = at(area, offset, LENGTH);

	if (!super || u32(super) != MD_MAGIC || u32(super + 4) != 1 ||
	    u64(super + SUPER_OFFSET) != offset / 512)
		return false;
	member->kind = MEMBER_MD;
	member->id = hex(super + UUID, 16);
	member->name = printable(super + NAME, 32);
	member->count = u32(super + DISKS);
	return true;
}

static bool parse_md0(struct member *member, const struct area *area)
{
	enum { UUID = 20, DISKS = 40, MINOR = 44, UUID_REST = 52, LENGTH = 64 };
	const uint8_t *super;
	uint8_t id[16];

	if (area->size < 128 * KIB)
		return false;
	super = at(area, (area->size & ~(64 * KIB - 1)) - 64 * KIB, LENGTH);
	if (!super || u32(super) != MD_MAGIC || u32(super + 4) != 0)
		return false;
	memcpy(id, super + UUID, 4);
	memcpy(id + 4, super + UUID_REST, 12);
	member->kind = MEMBER_MD;
	member->id = hex(id, sizeof(id));
	member->name = text_format("md%u", u32(super + MINOR));
	member->count = u32(super + DISKS);
	return true;
}

/* Versions 1.1, 1.2 and 1.0 differ in where the superblock lies. */
static bool parse_md(struct member *member, const struct area *area)
{
	if (parse_md1(member, area, 0) || parse_md1(member, area, 4 * KIB))
		return true;
	if (area->size > 16 * KIB &&
	    parse_md1(member, area, (area->size & ~(4 * KIB - 1)) - 8 * KIB))
		return true;
	return parse_md0(member, area);
}

/* Intel's, in the last sector but one, whatever the sector's size. */
static bool parse_firmware_raid(struct member *member, const struct area *area)
{
	static const char magic[] = "Intel Raid ISM Cfg Sig. ";
	enum { FAMILY = 40, DISKS = 56, LENGTH = 64 };
	static const uint64_t from_end[] = { 1024, 8192 };

	for (size_t i = 0; i < COUNT(from_end); i++) {
		const uint8_t *super = area->size > from_end[i] ?
					       at(area, area->size - from_end[i], LENGTH) :
					       NULL;

		if (!super || memcmp(super, magic, sizeof(magic) - 1) != 0)
			continue;
		member->kind = MEMBER_FIRMWARE_RAID;
		member->id = hex(super + FAMILY, 4);
		member->count = super[DISKS];
		return true;
	}
	return false;
}

static bool parse_btrfs(struct member *member, const struct area *area)
{
	enum { ID = 32, MAGIC = 64, DEVICES = 136, LABEL = 299, LENGTH = LABEL + 256 };
	const uint8_t *super = at(area, 64 * KIB, LENGTH);

	if (!super || memcmp(super + MAGIC, "_BHRfS_M", 8) != 0 || u64(super + DEVICES) < 2 ||
	    u64(super + DEVICES) > 65536)
		return false;
	member->kind = MEMBER_BTRFS;
	member->id = hex(super + ID, 16);
	member->name = printable(super + LABEL, 256);
	member->count = (unsigned)u64(super + DEVICES);
	return true;
}

/* What lies on an array shows through on members with the superblock at their end: arrays first. */
bool member_parse(struct member *member, const uint8_t *head, size_t head_length,
		  const uint8_t *tail, size_t tail_length, uint64_t size)
{
	const struct area area = { head, tail, head_length, tail_length, size };

	*member = (struct member){ 0 };
	return parse_md(member, &area) || parse_firmware_raid(member, &area) ||
	       member_lvm_parse(member, head, head_length) || parse_btrfs(member, &area);
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
	switch (kind) {
	case MEMBER_NONE:
		break;
	case MEMBER_MD:
		return "MD array";
	case MEMBER_FIRMWARE_RAID:
		return "firmware RAID";
	case MEMBER_LVM:
		return "LVM volume group";
	case MEMBER_BTRFS:
		return "btrfs";
	}
	return "nothing";
}
