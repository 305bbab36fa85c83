/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can lie in a piece of a disk, and who knows what of it is used: one function for each kind
 * that is looked into. All else is used wholly.
 */
#ifndef P2VD_KINDS_H
#define P2VD_KINDS_H

#include "blocks/inspection.h"
#include "blocks/piece.h"

/* Of libblkid's word @type; NULL: such a piece is not looked into. */
inspect_function *kind_inspect(const char *type);

inspect_function ext_inspect, xfs_inspect, ntfs_inspect, fat_inspect, exfat_inspect, btrfs_inspect,
	swap_inspect;

/*
 * Of a piece that holds other pieces: adds those to @pieces, and to @extents what it uses itself.
 * Returns 0, or -errno and in @reason why that cannot be told; then it may have added pieces
 * nevertheless, which the caller drops.
 */
typedef int expand_function(const struct piece *piece, int disk, struct pieces *pieces,
			    struct extents *extents, char **reason);

expand_function *kind_expand(const char *type);

expand_function lvm_expand, md_expand;

/*
 * Looks at what is in the piece and sets its type. Returns 0, or -1 and the piece's reason: it
 * cannot be read, or looks like several things.
 */
int kind_probe(struct piece *piece, int disk);

#endif
