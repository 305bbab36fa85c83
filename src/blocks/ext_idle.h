/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks of an ext2, ext3 or ext4 that its bitmap calls used, but that nobody reads before they are
 * written again: those of inode tables that never had an inode (inode tables are a 64th of a usual
 * ext4), room for more group descriptors behind copies of them (ext_metadata.h), and an empty
 * journal (ext_journal.h).
 */
#ifndef P2VD_EXT_IDLE_H
#define P2VD_EXT_IDLE_H

#include "blocks/extents.h"
#include "blocks/inspection.h"

#include <ext2fs/ext2fs.h>

/* Bytes of the piece (piece.h), sorted. There are none if the file system is damaged: if two of
 * them, or one of them and other metadata, are said to lie in the same place, or if an inode is in
 * use by its bitmap and was never used by its group. The caller hands @idle to extents_clear(). */
void ext_idle_find(const struct inspection *inspection, ext2_filsys fs, struct extents *idle);

#endif
