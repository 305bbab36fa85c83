// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A disk of an MD array of RAID level 1: it holds all that the array holds, behind the data offset.
 * The superblock, whose numbers are little-endian, is described in Linux'
 * include/uapi/linux/raid/md_p.h (struct mdp_superblock_1).
 */
#include "base/bytes.h"
#include "base/text.h"
#include "blocks/kinds.h"

#include <errno.h>
#include <inttypes.h>

#define SECTOR 512
#define MAGIC 0xa92b4efc

/* The superblock is at the beginning (1.1), 4 KiB behind it (1.2), or near the end (1.0). */
static bool find(const struct piece *piece, int disk, uint8_t super[static 256])
{
	const uint64_t last = piece->size / SECTOR < 16 ? 0 : (piece->size / SECTOR - 16) & ~7ULL;
	const uint64_t places[] = { 0, 8, last };

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (piece_read(piece, disk, places[i] * SECTOR, super, 256) &&
		    bytes_little_endian(super, 4) == MAGIC &&
		    bytes_little_endian(super + 4, 4) == 1 &&
		    bytes_little_endian(super + 144, 8) == places[i])
			return true;
	return false;
}

int md_expand(const struct piece *piece, int disk, struct pieces *pieces, struct extents *extents,
	      char **reason)
{
	/* A bitmap and a list of bad blocks. All else changes where data is, or if it is good. */
	const uint64_t known = 1 | 8;
	uint64_t base, offset, size, end;
	struct piece *inside;
	uint8_t super[256];

	if (!piece_in_one(piece, &base))
		return REFUSE(reason, ENOTSUP,
			      "p2vd does not look into an array that lies in several parts");
	if (!find(piece, disk, super))
		return REFUSE(reason, ENOTSUP, "its superblock is not of version 1");
	if (bytes_little_endian(super + 72, 4) != 1)
		return REFUSE(reason, ENOTSUP,
			      "p2vd looks only into arrays of RAID level 1, not %" PRId32,
			      (int32_t)bytes_little_endian(super + 72, 4));
	if (bytes_little_endian(super + 8, 4) & ~known)
		return REFUSE(reason, ENOTSUP, "its array is being recovered or changed");
	if (bytes_little_endian(super + 208, 8) != UINT64_MAX)
		return REFUSE(reason, EUCLEAN, "its array is not in sync");
	offset = bytes_little_endian(super + 128, 8);
	size = bytes_little_endian(super + 80, 8); /* of the array's part on each disk */
	if (offset > piece->size / SECTOR || size > piece->size / SECTOR - offset || !size)
		return REFUSE(reason, EUCLEAN, "its superblock makes no sense");
	offset *= SECTOR;
	size *= SECTOR;
	end = offset + size;
	inside = pieces_add(pieces, text_copy("array"), size);
	piece_add(inside, size, 0, &(uint64_t){ base + offset }, 1);
	piece_used(piece, extents, 0, offset);
	piece_used(piece, extents, end, piece->size - end);
	return 0;
}
