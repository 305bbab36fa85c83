// SPDX-License-Identifier: GPL-2.0-or-later
/* What of an ext3's or ext4's journal nobody reads. */
#include "blocks/ext_journal.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>

/* The journal's super block: big endian numbers of four bytes, at these offsets. */
enum {
	MAGIC = 0,
	TYPE = 4,
	BLOCK_SIZE = 12,
	LENGTH = 16, /* blocks, this one included */
	FIRST = 20,  /* block that the log may use */
	START = 28,  /* block in which the log begins; 0: it is empty */
	ERROR = 32,  /* for which the journal was given up; 0: none */
	INCOMPATIBLE = 40
};
#define JOURNAL_MAGIC 0xc03b3998
#define TYPE_WITHOUT_FEATURES 3
#define TYPE_WITH_FEATURES 4
/* Revoked blocks, 64 bits, asynchronous commit, checksums of two kinds. Not fast commits (0x20),
 * which have a part of the journal for themselves. */
#define KNOWN_FEATURES 0x1f

struct journal {
	uint64_t block; /* bytes in each */
	uint64_t first, length; /* FIRST and LENGTH */
	struct idle_range *range;
	size_t count;
	bool unsorted;
};

static uint64_t number(const uint8_t *super, size_t offset)
{
	return bytes_big_endian(super + offset, 4);
}

static bool read_super_block(ext2_filsys fs, struct journal *journal)
{
	AUTO_FREE uint8_t *super = memory_zero(1, fs->blocksize);
	ext2_file_t file;
	uint64_t type;
	unsigned got = 0;
	errcode_t error = ext2fs_file_open(fs, EXT2_JOURNAL_INO, 0, &file);

	if (error)
		return false;
	error = ext2fs_file_read(file, super, fs->blocksize, &got);
	ext2fs_file_close(file);
	type = number(super, TYPE);
	journal->block = fs->blocksize;
	journal->first = number(super, FIRST);
	journal->length = number(super, LENGTH);
	return !error && got == fs->blocksize && number(super, MAGIC) == JOURNAL_MAGIC &&
	       (type == TYPE_WITHOUT_FEATURES ||
		(type == TYPE_WITH_FEATURES &&
		 !(number(super, INCOMPATIBLE) & ~(uint64_t)KNOWN_FEATURES))) &&
	       number(super, BLOCK_SIZE) == fs->blocksize && journal->first &&
	       !number(super, START) && !number(super, ERROR);
}

static int on_block(ext2_filsys fs, blk64_t *block, e2_blkcnt_t index, blk64_t in, int offset,
		    void *user)
{
	struct journal *journal = user;
	struct idle_range next = { *block * journal->block, (*block + 1) * journal->block };
	struct idle_range *last = journal->count ? journal->range + journal->count - 1 : NULL;

	(void)fs, (void)in, (void)offset;
	if (index < 0 || (uint64_t)index < journal->first || (uint64_t)index >= journal->length)
		return 0;
	if (last && last->end == next.begin) {
		last->end = next.end;
		return 0;
	}
	if (last && last->end > next.begin)
		journal->unsorted = true;
	APPEND(journal->range, journal->count, next);
	return 0;
}

static int compare(const void *one, const void *other)
{
	uint64_t a = ((const struct idle_range *)one)->begin;
	uint64_t b = ((const struct idle_range *)other)->begin;

	return a < b ? -1 : a > b;
}

/* Returns false if a block is in it twice: the file system is damaged. */
static bool put_in_order(struct journal *journal)
{
	if (journal->unsorted)
		qsort(journal->range, journal->count, sizeof(*journal->range), compare);
	for (size_t i = 1; i < journal->count; i++)
		if (journal->range[i].begin < journal->range[i - 1].end)
			return false;
	return true;
}

struct idle_range *ext_journal_idle(ext2_filsys fs, size_t *count)
{
	const struct ext2_super_block *super = fs->super;
	struct journal journal = { 0 };

	*count = 0;
	if (!(super->s_feature_compat & EXT3_FEATURE_COMPAT_HAS_JOURNAL) || super->s_journal_dev ||
	    super->s_journal_inum != EXT2_JOURNAL_INO || !read_super_block(fs, &journal))
		return NULL;
	if (ext2fs_block_iterate3(fs, EXT2_JOURNAL_INO, BLOCK_FLAG_READ_ONLY | BLOCK_FLAG_DATA_ONLY,
				  NULL, on_block, &journal) ||
	    !put_in_order(&journal)) {
		free(journal.range);
		return NULL;
	}
	*count = journal.count;
	return journal.range;
}
