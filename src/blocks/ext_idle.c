// SPDX-License-Identifier: GPL-2.0-or-later
/* What of an ext2, ext3 or ext4 is in use, but nobody reads. */
#include "blocks/ext_idle.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "blocks/ext_journal.h"
#include "blocks/ext_metadata.h"

#include <stdbool.h>

struct search {
	const struct inspection *inspection;
	ext2_filsys fs;
	struct extents *idle;
	uint64_t bytes; /* that were added to it */
	bool doubt;
};

static bool is_inside(const struct search *search, uint64_t block, uint64_t count)
{
	uint64_t end = ext2fs_blocks_count(search->fs->super);

	return block < end && count <= end - block;
}

/* A unit of extents.h of which only a part is idle is not. */
static void add(void *user, uint64_t block, uint64_t count)
{
	struct search *search = user;
	uint64_t unit = (uint64_t)1 << search->idle->shift, begin, end;

	if (!count)
		return;
	if (!is_inside(search, block, count)) {
		search->doubt = true;
		return;
	}
	begin = (block * search->fs->blocksize + unit - 1) / unit * unit;
	end = (block + count) * search->fs->blocksize / unit * unit;
	if (begin >= end)
		return;
	extents_add(search->idle, begin, end - begin);
	search->bytes += end - begin;
}

static void must_be_elsewhere(void *user, uint64_t block, uint64_t count)
{
	struct search *search = user;

	if (is_inside(search, block, count) &&
	    extents_within(search->idle, block * search->fs->blocksize,
			   count * search->fs->blocksize))
		search->doubt = true;
}

/* Asks of the last @unused inodes of the group. The kernel asks the bitmap, and not the group,
 * whether there is an inode: if the group is wrong, nobody has noticed yet. */
static bool are_free(const struct search *search, dgrp_t group, uint64_t unused, uint8_t *bitmap)
{
	ext2_filsys fs = search->fs;
	uint64_t inodes = fs->super->s_inodes_per_group;
	uint64_t free = ext2fs_bg_free_inodes_count(fs, group);

	if (ext2fs_bg_flags_test(fs, group, EXT2_BG_INODE_UNINIT))
		return free == inodes;
	if (free < unused)
		return false;
	if (io_channel_read_blk64(fs->io, ext2fs_inode_bitmap_loc(fs, group), 1, bitmap) ||
	    !ext2fs_inode_bitmap_csum_verify(fs, group, (char *)bitmap, (int)(inodes / 8)))
		return false;
	for (uint64_t i = inodes - unused; i < inodes; i++)
		if (bitmap[i / 8] & 1U << i % 8)
			return false;
	return true;
}

static void find_unused_inodes(struct search *search)
{
	ext2_filsys fs = search->fs;
	AUTO_FREE uint8_t *bitmap = memory_zero(1, fs->blocksize);

	for (dgrp_t group = 0; !search->doubt && group < fs->group_desc_count; group++) {
		uint64_t kept = ext_inode_blocks(fs, group);
		uint64_t count = fs->inode_blocks_per_group - kept;

		ext_expect(search->inspection, fs, group, ext2fs_inode_bitmap_loc,
			   EXT2_BG_INODE_UNINIT);
		if (count && !are_free(search, group, ext2fs_bg_itable_unused(fs, group), bitmap))
			search->doubt = true;
		add(search, ext2fs_inode_table_loc(fs, group) + kept, count);
	}
}

static bool is_in_doubt(struct search *search)
{
	ext2_filsys fs = search->fs;

	for (dgrp_t group = 0; !search->doubt && group < fs->group_desc_count; group++) {
		ext_bitmaps(fs, group, must_be_elsewhere, search);
		ext_supers(fs, group, must_be_elsewhere, search);
		if (group == 0)
			ext_reserved(fs, group, must_be_elsewhere, search);
		must_be_elsewhere(search, ext2fs_inode_table_loc(fs, group),
				  ext_inode_blocks(fs, group));
	}
	return search->doubt || extents_total(search->idle) != search->bytes;
}

void ext_idle_find(const struct inspection *inspection, ext2_filsys fs, struct extents *idle)
{
	struct search search = { .inspection = inspection, .fs = fs, .idle = idle };

	extents_start(idle, ext2fs_blocks_count(fs->super) * fs->blocksize);
	find_unused_inodes(&search);
	for (dgrp_t group = 1; group < fs->group_desc_count; group++)
		ext_reserved(fs, group, add, &search);
	if (!ext_journal_idle(fs, add, &search))
		search.doubt = true;
	extents_sort(idle);
	if (is_in_doubt(&search))
		extents_clear(idle);
}
