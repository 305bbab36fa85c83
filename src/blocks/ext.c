// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What ext2, ext3 and ext4 use: what their block bitmaps say, without what nobody reads
 * (ext_idle.h). libext2fs reads the bitmaps group by group. (It can read all of them at
 * once, but then takes some 48 bytes for each extent.)
 */
#include "blocks/ext.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "blocks/ext_idle.h"
#include "blocks/ext_metadata.h"
#include "blocks/kinds.h"

#include <et/com_err.h>
#include <inttypes.h>
#include <string.h>

/* The features of which we know that they do not change what a block bitmap means. */
#define KNOWN_COMPATIBLE                                                        \
	(EXT2_FEATURE_COMPAT_DIR_PREALLOC | EXT2_FEATURE_COMPAT_IMAGIC_INODES | \
	 EXT3_FEATURE_COMPAT_HAS_JOURNAL | EXT2_FEATURE_COMPAT_EXT_ATTR |       \
	 EXT2_FEATURE_COMPAT_RESIZE_INODE | EXT2_FEATURE_COMPAT_DIR_INDEX |     \
	 EXT4_FEATURE_COMPAT_SPARSE_SUPER2 | EXT4_FEATURE_COMPAT_FAST_COMMIT |  \
	 EXT4_FEATURE_COMPAT_STABLE_INODES | EXT4_FEATURE_COMPAT_ORPHAN_FILE)
#define KNOWN_READ_ONLY                                                            \
	(EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER | EXT2_FEATURE_RO_COMPAT_LARGE_FILE | \
	 EXT4_FEATURE_RO_COMPAT_HUGE_FILE | EXT4_FEATURE_RO_COMPAT_GDT_CSUM |      \
	 EXT4_FEATURE_RO_COMPAT_DIR_NLINK | EXT4_FEATURE_RO_COMPAT_EXTRA_ISIZE |   \
	 EXT4_FEATURE_RO_COMPAT_QUOTA | EXT4_FEATURE_RO_COMPAT_BIGALLOC |          \
	 EXT4_FEATURE_RO_COMPAT_METADATA_CSUM | EXT4_FEATURE_RO_COMPAT_READONLY |  \
	 EXT4_FEATURE_RO_COMPAT_PROJECT | EXT4_FEATURE_RO_COMPAT_VERITY)
#define KNOWN_INCOMPATIBLE                                                                         \
	(EXT2_FEATURE_INCOMPAT_FILETYPE | EXT2_FEATURE_INCOMPAT_META_BG |                          \
	 EXT3_FEATURE_INCOMPAT_EXTENTS | EXT4_FEATURE_INCOMPAT_64BIT | EXT4_FEATURE_INCOMPAT_MMP | \
	 EXT4_FEATURE_INCOMPAT_FLEX_BG | EXT4_FEATURE_INCOMPAT_EA_INODE |                          \
	 EXT4_FEATURE_INCOMPAT_CSUM_SEED | EXT4_FEATURE_INCOMPAT_LARGEDIR |                        \
	 EXT4_FEATURE_INCOMPAT_INLINE_DATA | EXT4_FEATURE_INCOMPAT_ENCRYPT |                       \
	 EXT4_FEATURE_INCOMPAT_CASEFOLD)

struct look {
	struct inspection *inspection;
	ext2_filsys fs;
	/* Metadata of groups that lies in groups whose bitmap was never written, in bytes of the
	 * piece: nothing else says that it is used. */
	struct extents metadata;
	struct extents idle; /* ext_idle.h */
	uint8_t *bitmap; /* of a group, a bit for each cluster */
	uint64_t clusters; /* in the group */
	uint64_t first; /* the group's first block */
	uint64_t free; /* clusters, in all groups so far */
	uint64_t begin, end; /* a range that is used and not yet told, in bytes */
};

static int refuse_features(const struct ext2_super_block *super, char **reason)
{
	uint32_t unknown[] = { super->s_feature_compat & ~(uint32_t)KNOWN_COMPATIBLE,
			       super->s_feature_ro_compat & ~(uint32_t)KNOWN_READ_ONLY,
			       super->s_feature_incompat & ~(uint32_t)KNOWN_INCOMPATIBLE };

	if (super->s_feature_incompat & EXT3_FEATURE_INCOMPAT_RECOVER)
		return REFUSE(reason, EUCLEAN,
			      "its journal has not been replayed: it was not unmounted");
	if (super->s_feature_ro_compat & EXT4_FEATURE_RO_COMPAT_ORPHAN_PRESENT)
		return REFUSE(reason, EUCLEAN, "it was not unmounted");
	if (unknown[0] || unknown[1] || unknown[2])
		return REFUSE(reason, ENOTSUP,
			      "it has features that p2vd does not know (%#" PRIx32 " %#" PRIx32
			      " %#" PRIx32 ")",
			      unknown[0], unknown[1], unknown[2]);
	if (!(super->s_state & EXT2_VALID_FS) || super->s_state & EXT2_ERROR_FS)
		return REFUSE(reason, EUCLEAN, "it was not unmounted, or has errors");
	return 0;
}

static uint64_t bytes_at(const struct look *look, uint64_t block)
{
	return block * look->fs->blocksize;
}

/* libext2fs allows more in a group than a bitmap of one block has room for. */
static int refuse_sizes(const struct look *look, char **reason)
{
	ext2_filsys fs = look->fs;
	struct ext2_super_block *super = fs->super;
	uint64_t size = bytes_at(look, ext2fs_blocks_count(super)), bits = fs->blocksize * 8;

	if (size > look->inspection->piece->size ||
	    size / fs->blocksize != ext2fs_blocks_count(super))
		return REFUSE(reason, EUCLEAN,
			      "it is larger than the partition or volume that it is in");
	if (super->s_clusters_per_group > bits || super->s_inodes_per_group > bits)
		return REFUSE(reason, EUCLEAN,
			      "its groups have more clusters or inodes than their bitmaps have room for");
	/* With another one, what each bit stands for is moved. */
	if (super->s_first_data_block !=
	    (fs->blocksize == 1024 && EXT2FS_CLUSTER_RATIO(fs) == 1 ? 1 : 0))
		return REFUSE(reason, EUCLEAN, "its first block is not where it has to be");
	return 0;
}

static void keep_if_unwritten(void *user, uint64_t block, uint64_t count)
{
	struct look *look = user;
	ext2_filsys fs = look->fs;
	dgrp_t first, last;

	if (!block || block + count > ext2fs_blocks_count(fs->super))
		return;
	first = ext2fs_group_of_blk2(fs, block);
	last = ext2fs_group_of_blk2(fs, block + count - 1);
	for (dgrp_t group = first; group <= last; group++)
		if (ext2fs_bg_flags_test(fs, group, EXT2_BG_BLOCK_UNINIT)) {
			extents_add(&look->metadata, bytes_at(look, block), bytes_at(look, count));
			return;
		}
}

static void keep_metadata(struct look *look)
{
	ext2_filsys fs = look->fs;

	extents_start(&look->metadata, look->inspection->piece->size);
	if (ext2fs_blocks_count(fs->super) < UINT32_MAX)
		look->metadata.shift = (unsigned)EXT2_BLOCK_SIZE_BITS(fs->super);
	for (dgrp_t group = 0; group < fs->group_desc_count; group++) {
		ext_bitmaps(fs, group, keep_if_unwritten, look);
		keep_if_unwritten(look, ext2fs_inode_table_loc(fs, group),
				  fs->inode_blocks_per_group);
	}
	extents_sort(&look->metadata);
}

static void mark(void *user, uint64_t block, uint64_t count)
{
	struct look *look = user;
	uint64_t ratio = (uint64_t)EXT2FS_CLUSTER_RATIO(look->fs);

	for (uint64_t i = block; i < block + count; i++) {
		uint64_t cluster = (i - look->first) / ratio;

		if (i >= look->first && cluster < look->clusters)
			look->bitmap[cluster / 8] |= (uint8_t)(1U << cluster % 8);
	}
}

static void mark_range(void *user, uint64_t offset, uint64_t length)
{
	struct look *look = user;
	uint64_t block = look->fs->blocksize, first = offset / block;

	mark(look, first, (offset + length + block - 1) / block - first);
}

/* The metadata that lies in this group. */
static void mark_metadata(struct look *look, dgrp_t group)
{
	uint64_t blocks = look->clusters * (uint64_t)EXT2FS_CLUSTER_RATIO(look->fs);

	ext_supers(look->fs, group, mark, look);
	ext_reserved(look->fs, group, mark, look);
	extents_each(&look->metadata, bytes_at(look, look->first), bytes_at(look, blocks),
		     mark_range, look);
}

static int read_bitmap(struct look *look, dgrp_t group, char **reason)
{
	ext2_filsys fs = look->fs;
	int size = (int)EXT2_CLUSTERS_PER_GROUP(fs->super) / 8;
	errcode_t error;

	memset(look->bitmap, 0, fs->blocksize);
	if (!ext2fs_group_desc_csum_verify(fs, group))
		return REFUSE(reason, EUCLEAN, "the checksum of group %u is wrong", group);
	if (ext2fs_bg_flags_test(fs, group, EXT2_BG_BLOCK_UNINIT) && ext2fs_has_group_desc_csum(fs))
		return 0;
	error = io_channel_read_blk64(fs->io, ext2fs_block_bitmap_loc(fs, group), 1, look->bitmap);
	if (error)
		return REFUSE(reason, EIO, "the bitmap of group %u cannot be read: %s", group,
			      error_message(error));
	if (!ext2fs_block_bitmap_csum_verify(fs, group, (char *)look->bitmap, size))
		return REFUSE(reason, EUCLEAN, "the checksum of a bitmap, of group %u, is wrong",
			      group);
	return 0;
}

static void tell(struct look *look)
{
	inspection_used(look->inspection, look->begin, look->end - look->begin);
}

/* To be called in ascending order. Ranges go over the border of groups. */
static void add(struct look *look, uint64_t begin, uint64_t end)
{
	if (begin == end)
		return;
	if (begin != look->end) {
		tell(look);
		look->begin = begin;
	}
	look->end = end;
}

struct rest {
	struct look *look;
	uint64_t begin;
};

static void add_before(void *user, uint64_t idle, uint64_t length)
{
	struct rest *rest = user;

	add(rest->look, rest->begin, idle);
	rest->begin = idle + length;
}

static void add_but_idle(struct look *look, uint64_t begin, uint64_t end)
{
	struct rest rest = { look, begin };

	extents_each(&look->idle, begin, end - begin, add_before, &rest);
	add(look, rest.begin, end);
}

static uint64_t word_at(const struct look *look, uint64_t i)
{
	uint64_t word;

	memcpy(&word, look->bitmap + i / 8, sizeof(word));
	return word;
}

/* How many clusters from @i on are all free (or all used, in @used): one, or as many words as are
 * the same. */
static uint64_t run_at(const struct look *look, uint64_t i, bool *used)
{
	uint64_t word, run = 64;

	*used = look->bitmap[i / 8] & 1U << i % 8;
	if (i % 64 || look->clusters - i < 64)
		return 1;
	word = word_at(look, i);
	if (word && word != UINT64_MAX)
		return 1;
	while (look->clusters - i - run >= 64 && word_at(look, i + run) == word)
		run += 64;
	return run;
}

static int look_at_group(struct look *look, dgrp_t group, char **reason)
{
	ext2_filsys fs = look->fs;
	uint64_t cluster = (uint64_t)EXT2FS_CLUSTER_RATIO(fs) * fs->blocksize, free_here = 0, start;
	uint64_t last = ext2fs_group_last_block2(fs, group);
	int r = read_bitmap(look, group, reason);

	look->first = ext2fs_group_first_block2(fs, group);
	look->clusters = (last - look->first) / (uint64_t)EXT2FS_CLUSTER_RATIO(fs) + 1;
	if (r < 0)
		return r;
	mark_metadata(look, group);
	start = bytes_at(look, look->first);
	for (uint64_t i = 0, run; i < look->clusters; i += run) {
		bool used;

		run = run_at(look, i, &used);
		if (used)
			add_but_idle(look, start + i * cluster, start + (i + run) * cluster);
		else
			free_here += run;
	}
	if (free_here != ext2fs_bg_free_blocks_count(fs, group))
		return REFUSE(reason, EUCLEAN,
			      "its bitmap has %" PRIu64
			      " free clusters in group %u, but the group says %u",
			      free_here, group, ext2fs_bg_free_blocks_count(fs, group));
	look->free += free_here;
	return 0;
}

static int look_at(struct look *look, char **reason)
{
	ext2_filsys fs = look->fs;
	const struct piece *piece = look->inspection->piece;
	uint64_t size = bytes_at(look, ext2fs_blocks_count(fs->super)), expected;
	int r = refuse_features(fs->super, reason);

	if (r == 0)
		r = refuse_sizes(look, reason);
	if (r < 0)
		return r;
	keep_metadata(look);
	ext_idle_find(look->inspection, fs, &look->idle);
	look->bitmap = memory_zero(1, fs->blocksize);
	/* What lies before the first group. */
	look->end = bytes_at(look, fs->super->s_first_data_block);
	for (dgrp_t group = 0; r == 0 && group < fs->group_desc_count; group++) {
		ext_expect(look->inspection, fs, group, ext2fs_block_bitmap_loc,
			   EXT2_BG_BLOCK_UNINIT);
		r = look_at_group(look, group, reason);
	}
	if (r < 0)
		return r;
	expected = ext2fs_free_blocks_count(fs->super);
	if (look->free * (uint64_t)EXT2FS_CLUSTER_RATIO(fs) != expected)
		return REFUSE(reason, EUCLEAN, "it has %" PRIu64 " free blocks, but says %" PRIu64,
			      look->free * (uint64_t)EXT2FS_CLUSTER_RATIO(fs), expected);
	/* The end of the file system may cut a cluster. What is behind that is not its own. */
	if (look->end > size)
		look->end = size;
	add(look, size, piece->size);
	tell(look);
	return 0;
}

int ext_inspect(struct inspection *inspection, char **reason)
{
	struct look look = { .inspection = inspection };
	errcode_t error = ext_open(inspection, &look.fs);
	int r;

	if (error) {
		initialize_ext2_error_table();
		return REFUSE(reason, EUCLEAN, "libext2fs cannot open it: %s",
			      error_message(error));
	}
	r = look_at(&look, reason);
	free(look.bitmap);
	extents_clear(&look.idle);
	extents_clear(&look.metadata);
	ext2fs_free(look.fs);
	return r;
}
