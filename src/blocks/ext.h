/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How libext2fs reads a piece of a disk: through the one descriptor that we have. (ext_io.c) */
#ifndef P2VD_EXT_H
#define P2VD_EXT_H

#include "blocks/inspection.h"

#include <ext2fs/ext2fs.h>

/* Opens the file system. The process can have one at a time. */
errcode_t ext_open(const struct inspection *inspection, ext2_filsys *fs);

#endif
