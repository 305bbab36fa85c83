/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that exists only in memory (memfd_create(2)), for programs that want a
 * file name. It is gone when p2vd ends, even if p2vd is killed.
 */
#ifndef P2VD_MEMFILE_H
#define P2VD_MEMFILE_H

#include <stddef.h>

/* Returns a descriptor of a file that only we may read, or -errno. */
int memfile_new(const char *name, const void *data, size_t length);

/* A path by which other processes of our user can open the file. The caller frees. */
char *memfile_path(int descriptor);

#endif
