// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the metadata of an ext2, ext3 or ext4 lies. */
#include "blocks/ext_metadata.h"

#define AT_ONCE 4096 /* groups */

void ext_bitmaps(ext2_filsys fs, dgrp_t group, ext_found *found, void *user)
{
	found(user, ext2fs_block_bitmap_loc(fs, group), 1);
	found(user, ext2fs_inode_bitmap_loc(fs, group), 1);
}

void ext_expect(const struct inspection *inspection, ext2_filsys fs, dgrp_t group,
		blk64_t (*location)(ext2_filsys fs, dgrp_t group), uint16_t unwritten)
{
	if (group % AT_ONCE != 0)
		return;
	for (dgrp_t i = group; i < fs->group_desc_count && i - group < AT_ONCE; i++)
		if (!ext2fs_bg_flags_test(fs, i, unwritten))
			piece_expect(inspection->piece, inspection->disk,
				     location(fs, i) * fs->blocksize, fs->blocksize);
}

void ext_supers(ext2_filsys fs, dgrp_t group, ext_found *found, void *user)
{
	blk64_t super, old, new;

	ext2fs_super_and_bgd_loc2(fs, group, &super, &old, &new, NULL);
	if (super || group == 0)
		found(user, super, 1);
	if (old)
		found(user, old,
		      ext2fs_has_feature_meta_bg(fs->super) ? fs->super->s_first_meta_bg :
							      fs->desc_blocks);
	if (new)
		found(user, new, 1);
}

void ext_reserved(ext2_filsys fs, dgrp_t group, ext_found *found, void *user)
{
	blk64_t old;

	if (ext2fs_has_feature_meta_bg(fs->super))
		return;
	ext2fs_super_and_bgd_loc2(fs, group, NULL, &old, NULL, NULL);
	if (old && fs->super->s_reserved_gdt_blocks)
		found(user, old + fs->desc_blocks, fs->super->s_reserved_gdt_blocks);
}

uint64_t ext_inode_blocks(ext2_filsys fs, dgrp_t group)
{
	uint64_t inodes = fs->super->s_inodes_per_group;
	uint64_t unused = ext2fs_bg_itable_unused(fs, group);

	if (!ext2fs_has_group_desc_csum(fs) || unused > inodes)
		return fs->inode_blocks_per_group;
	return fs->inode_blocks_per_group - unused * EXT2_INODE_SIZE(fs->super) / fs->blocksize;
}
