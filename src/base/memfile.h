/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that exists in memory alone (memfd_create(2)), for programs that want
 * a file name: it is gone with the process, however that ends.
 */
#ifndef P2VD_MEMFILE_H
#define P2VD_MEMFILE_H

#include <stddef.h>

/* Returns a descriptor of a file that only we may read, or -errno. */
int memfile_new(const char *name, const void *data, size_t length);

/* A path under which processes of our user can open it. The caller frees. */
char *memfile_path(int descriptor);

#endif
