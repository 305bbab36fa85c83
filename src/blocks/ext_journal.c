// SPDX-License-Identifier: GPL-2.0-or-later
/* What of an ext3's or ext4's journal nobody reads. */
#include "blocks/ext_journal.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/memory.h"

#include <string.h>

/* The journal's super block: big endian numbers of four bytes, at these offsets. */
enum {
	MAGIC = 0,
	TYPE = 4,
	BLOCK_SIZE = 12,
	LENGTH = 16, /* blocks, this one included */
	FIRST = 20,  /* block that the log may use */
	START = 28,  /* block in which the log begins; 0: it is empty */
	ERROR = 32,  /* for which the journal was given up; 0: none */
	INCOMPATIBLE = 40,
	READ_ONLY = 44, /* features, of which there are none yet */
	CHECKSUM_TYPE = 80,
	CHECKSUM = 252,
	SUPER_SIZE = 1024
};
#define JOURNAL_MAGIC 0xc03b3998
#define TYPE_WITHOUT_FEATURES 3
#define TYPE_WITH_FEATURES 4
/* Revoked blocks, 64 bits, asynchronous commit, checksums of two kinds. Not fast commits (0x20),
 * which have a part of the journal for themselves. */
#define KNOWN_FEATURES 0x1f
#define CHECKSUM_FEATURES 0x18 /* with either, the super block has one too */
#define TYPE_CRC32C 4
/* The most that mke2fs takes for -J size=, in blocks. */
#define MOST_BLOCKS 10240000
/* An ext3 has no checksum for the blocks that say where its journal lies. A journal is made in long
 * runs: a few blocks by themselves may be a damaged number, and a file's. */
#define LEAST_RUN 8

struct journal {
	uint64_t begin, end; /* of the file system, in blocks */
	uint64_t first, length; /* FIRST and LENGTH */
	uint64_t nodes; /* of the tree that says where it lies */
	ext_found *found;
	void *user;
	uint64_t run, count; /* blocks that were not yet told, and where they begin */
	bool doubt;
};

static uint64_t number(const uint8_t *super, size_t offset)
{
	return bytes_big_endian(super + offset, 4);
}

static bool checksum_is_right(uint8_t *super)
{
	uint64_t said = number(super, CHECKSUM);

	if (!(number(super, INCOMPATIBLE) & CHECKSUM_FEATURES))
		return true;
	memset(super + CHECKSUM, 0, 4);
	return super[CHECKSUM_TYPE] == TYPE_CRC32C &&
	       ext2fs_crc32c_le(~0U, super, SUPER_SIZE) == said;
}

static bool features_are_known(uint8_t *super)
{
	uint64_t type = number(super, TYPE);

	if (type == TYPE_WITHOUT_FEATURES)
		return true;
	return type == TYPE_WITH_FEATURES &&
	       !(number(super, INCOMPATIBLE) & ~(uint64_t)KNOWN_FEATURES) &&
	       !number(super, READ_ONLY) && checksum_is_right(super);
}

static bool read_super_block(ext2_filsys fs, struct journal *journal)
{
	AUTO_FREE uint8_t *super = memory_zero(1, fs->blocksize);
	ext2_file_t file;
	unsigned got = 0;
	errcode_t error = ext2fs_file_open(fs, EXT2_JOURNAL_INO, 0, &file);

	if (error)
		return false;
	error = ext2fs_file_read(file, super, fs->blocksize, &got);
	ext2fs_file_close(file);
	journal->first = number(super, FIRST);
	journal->length = number(super, LENGTH);
	return !error && got == fs->blocksize && number(super, MAGIC) == JOURNAL_MAGIC &&
	       number(super, BLOCK_SIZE) == fs->blocksize && journal->first &&
	       journal->length <= MOST_BLOCKS && !number(super, START) && !number(super, ERROR) &&
	       features_are_known(super);
}

/* A file whose tree is one of few nodes (one that is made to be endless would keep us), and where
 * the super block's copy of the inode says so too. */
static bool inode_is_usual(ext2_filsys fs)
{
	struct ext2_inode inode;

	if (ext2fs_read_inode(fs, EXT2_JOURNAL_INO, &inode) || !LINUX_S_ISREG(inode.i_mode) ||
	    !inode.i_links_count ||
	    (fs->super->s_jnl_backup_type == EXT3_JNL_BACKUP_BLOCKS &&
	     memcmp(fs->super->s_jnl_blocks, inode.i_block, sizeof(inode.i_block)) != 0))
		return false;
	return inode.i_flags & EXT4_EXTENTS_FL || !inode.i_block[EXT2_TIND_BLOCK] ||
	       fs->blocksize <= 2048;
}

static void tell(struct journal *journal)
{
	if (journal->count >= LEAST_RUN)
		journal->found(journal->user, journal->run, journal->count);
	journal->count = 0;
}

static int on_block(ext2_filsys fs, blk64_t *block, e2_blkcnt_t index, blk64_t in, int offset,
		    void *user)
{
	struct journal *journal = user;

	(void)fs, (void)in, (void)offset;
	if (*block < journal->begin || *block >= journal->end ||
	    (index < 0 && ++journal->nodes > journal->length / 64 + 16))
		journal->doubt = true;
	if (journal->doubt || (index >= 0 && (uint64_t)index >= journal->length))
		return BLOCK_ABORT;
	if (index < 0 || (uint64_t)index < journal->first)
		return 0;
	if (*block != journal->run + journal->count) {
		tell(journal);
		journal->run = *block;
	}
	journal->count++;
	return 0;
}

bool ext_journal_idle(ext2_filsys fs, ext_found *found, void *user)
{
	struct ext2_super_block *super = fs->super;
	struct journal journal = { .begin = super->s_first_data_block,
				   .end = ext2fs_blocks_count(super),
				   .found = found,
				   .user = user };

	if (!ext2fs_has_feature_journal(super) || super->s_journal_dev ||
	    super->s_journal_inum != EXT2_JOURNAL_INO || !inode_is_usual(fs) ||
	    !read_super_block(fs, &journal))
		return true;
	if (ext2fs_block_iterate3(fs, EXT2_JOURNAL_INO, BLOCK_FLAG_READ_ONLY, NULL, on_block,
				  &journal))
		return false;
	tell(&journal);
	return !journal.doubt;
}
