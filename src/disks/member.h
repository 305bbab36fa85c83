/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a disk or partition is a part of: an MD array, a firmware RAID, an LVM volume
 * group, a file system on several devices, a group of Windows' dynamic disks. libblkid says
 * which (signature.h). It does not say how many parts the set has, what belongs to a volume
 * group, or the id of a firmware RAID: that is read here.
 */
#ifndef P2VD_MEMBER_H
#define P2VD_MEMBER_H

#include "disks/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum member_kind {
	MEMBER_NONE,
	MEMBER_MD,
	MEMBER_FIRMWARE_RAID,
	MEMBER_LVM,
	MEMBER_BTRFS,
	MEMBER_ZFS,
	MEMBER_BCACHE,
	MEMBER_LDM,
};

struct member {
	enum member_kind kind;
	const char *type; /* libblkid's word for it; static */
	char *id;         /* the set's; NULL where unknown */
	char *name;     /* the set's for people; NULL where it has none */
	unsigned count; /* how many parts the set has; 0 where unknown */
	char *own_id;   /* LVM only: the physical volume's */
	char **ids;     /* LVM only: the ids of the group's physical volumes, */
	char **devices; /* and where each was when the group was last written */
	uint64_t more;  /* where a sector begins that has the count, in bytes; 0 for none */
};

/* Our own copy of libblkid's word for a kind of members; NULL for other words. Static. */
const char *member_type(const char *word);

/* Reads ROOT/dev/NODE, or a file by its absolute path. False (and MEMBER_NONE) where it is no part
 * of a set, or cannot be read. The caller hands @member to member_clear() in any case. */
bool member_read(struct member *member, const char *root, const char *node);

/*
 * The same, with what has been read. @bytes: what stands from the signature on; for LVM,
 * the volume from its begin on. They may be cut off anywhere. No I/O.
 */
bool member_parse(struct member *member, const struct signature *signature, const uint8_t *bytes,
		  size_t length);

/* What stands at @member's "more": sets the count. @bytes may be cut off anywhere. No I/O. */
void member_parse_more(struct member *member, const uint8_t *bytes, size_t length);

/*
 * The part of member_parse() for an LVM2 volume. @head: the volume's first bytes. @magic:
 * where "LVM2 001" stands in its label. The id that @member has is the volume's own; it gets
 * the group's id, name and volumes. A volume may keep no text: then nothing is known of its
 * group. No I/O. (member_lvm.c)
 */
void member_lvm_parse(struct member *member, const uint8_t *head, size_t length, uint64_t magic);

void member_clear(struct member *member);

/* "MD array", "LVM volume group"… Static. */
const char *member_kind_text(enum member_kind kind);

#endif
