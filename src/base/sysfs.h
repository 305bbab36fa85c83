/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading what the kernel shows as files: sysfs, procfs, DMI.
 *
 * Every path is given relative to a root ("" for the running system), as a
 * printf format, so that tests can read trees of plain files. Nothing here
 * fails loudly: an attribute that cannot be read is one that is not there.
 */
#ifndef P2VD_SYSFS_H
#define P2VD_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SYSFS_PATH __attribute__((format(printf, 2, 3)))

/*
 * The file's text, white space at both ends cut off, at most 64 KiB of it.
 * Bytes that are no printable ASCII read ?, line ends and tabs stay.
 * NULL when there is nothing to read. The caller frees.
 */
char *sysfs_text(const char *root, const char *format, ...) SYSFS_PATH;

/* The same, the first line only. */
char *sysfs_line(const char *root, const char *format, ...) SYSFS_PATH;

/* A decimal number that fills the file's first line; @otherwise when there is none. */
uint64_t sysfs_number(const char *root, uint64_t otherwise, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Up to @size raw bytes from @offset on. Returns how many, or -1. */
ssize_t sysfs_bytes(const char *path, off_t offset, void *buffer, size_t size);

bool sysfs_exists(const char *root, const char *format, ...) SYSFS_PATH;

/* What a symbolic link says; NULL when it is none. The caller frees. */
char *sysfs_link(const char *root, const char *format, ...) SYSFS_PATH;

/* The names in a directory in natural order (cpu2 before cpu10), hidden ones
 * not. An empty list is NULL. The caller frees it with list_free(). */
char **sysfs_list(const char *root, const char *format, ...) SYSFS_PATH;

#endif
