/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal of an ext3 or ext4 that was unmounted: its first block says that the log is empty,
 * and nobody reads the others before they are written again. mke2fs makes it of up to 1 GiB.
 * (Linux: Documentation/filesystems/ext4/journal.rst; s_start in jbd2_journal_recover().)
 */
#ifndef P2VD_EXT_JOURNAL_H
#define P2VD_EXT_JOURNAL_H

#include <ext2fs/ext2fs.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the piece (piece.h), from @begin to before @end. */
struct idle_range {
	uint64_t begin, end;
};

/* Where those others lie: @count ranges in ascending order, which do not overlap. The caller frees
 * them. NULL with a @count of 0: there are none, or it is in doubt whether nobody reads them. */
struct idle_range *ext_journal_idle(ext2_filsys fs, size_t *count);

#endif
