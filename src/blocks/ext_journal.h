/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal of an ext3 or ext4 that was unmounted: its first block says that the log is empty,
 * and nobody reads the others before they are written again. Unless told otherwise, mke2fs makes it
 * of up to 1 GiB.
 * (Linux: Documentation/filesystems/ext4/journal.rst; s_start in jbd2_journal_recover().)
 */
#ifndef P2VD_EXT_JOURNAL_H
#define P2VD_EXT_JOURNAL_H

#include "blocks/ext_metadata.h"

#include <ext2fs/ext2fs.h>
#include <stdbool.h>

/* Where those others lie, in the order of the log; none, if the journal does not say that it is
 * empty. Returns false if where it lies makes no sense: the file system is damaged, and what was
 * found is not to be relied on. */
bool ext_journal_idle(ext2_filsys fs, ext_found *found, void *user);

#endif
