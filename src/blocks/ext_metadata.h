/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the metadata of an ext2, ext3 or ext4 lies, group by group: what is said by the group's
 * descriptor, and what stands at its beginning by its number.
 * (Linux: Documentation/filesystems/ext4/group_descr.rst and blockgroup.rst.)
 */
#ifndef P2VD_EXT_METADATA_H
#define P2VD_EXT_METADATA_H

#include "blocks/inspection.h"

#include <ext2fs/ext2fs.h>
#include <stdint.h>

/* Is called with @count blocks of the file system, from @block on. */
typedef void ext_found(void *user, uint64_t block, uint64_t count);

/* The bitmaps of blocks and of inodes; they may lie in another group, and not exist yet. */
void ext_bitmaps(ext2_filsys fs, dgrp_t group, ext_found *found, void *user);

/* Before @group is looked at, in ascending order: now and then has the kernel read the blocks that
 * @location tells of many groups at once (one by one, a hard disk would take minutes for them), but
 * not of groups with the flag @unwritten. */
void ext_expect(const struct inspection *inspection, ext2_filsys fs, dgrp_t group,
		blk64_t (*location)(ext2_filsys fs, dgrp_t group), uint16_t unwritten);

/* What lies in the group itself of super block and descriptors. */
void ext_supers(ext2_filsys fs, dgrp_t group, ext_found *found, void *user);

/* Room for more descriptors, behind those. In the first group e2fsck and ext4 look at it, for the
 * resize inode; in the others it is written only. */
void ext_reserved(ext2_filsys fs, dgrp_t group, ext_found *found, void *user);

/* How many of the blocks of the group's inode table, from its first one on, may have inodes: all,
 * where a group does not say which ones it never used (it does with uninit_bg and metadata_csum, in
 * bg_itable_unused). Neither ext4 nor e2fsck reads the others. */
uint64_t ext_inode_blocks(ext2_filsys fs, dgrp_t group);

#endif
