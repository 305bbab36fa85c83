/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a disk or partition is a part of: an MD array (superblocks 0.90 and 1.x,
 * and Intel's firmware RAID), an LVM volume group, a btrfs of several devices.
 * Read from the bytes of its begin and end. No I/O.
 */
#ifndef P2VD_MEMBER_H
#define P2VD_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMBER_HEAD ((size_t)1 << 20) /* bytes of its begin that are worth reading */
#define MEMBER_TAIL ((size_t)1 << 17) /* and of its end */

enum member_kind { MEMBER_NONE, MEMBER_MD, MEMBER_FIRMWARE_RAID, MEMBER_LVM, MEMBER_BTRFS };

struct member {
	enum member_kind kind;
	char *id;      /* the set's; NULL where an LVM volume does not tell it */
	char *name;    /* the set's for people; NULL with its id */
	char *own_id;  /* LVM only: the physical volume's */
	unsigned count; /* how many parts the set has; 0 where unknown */
	char **ids;    /* LVM only: the ids of the group's physical volumes, */
	char **devices; /* and where each was when the group was last written */
};

/*
 * @head: the first bytes, @tail: the last of @size bytes; both may be shorter
 * than the above, or empty. False (and MEMBER_NONE) for no known part. All text
 * is printable ASCII. The caller hands it to member_clear() in any case.
 */
bool member_parse(struct member *member, const uint8_t *head, size_t head_length,
		  const uint8_t *tail, size_t tail_length, uint64_t size);

void member_clear(struct member *member);

/* "MD array", "LVM volume group"… Static. */
const char *member_kind_text(enum member_kind kind);

#endif
