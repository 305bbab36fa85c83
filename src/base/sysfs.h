/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading what the kernel shows as files: sysfs, procfs, DMI.
 *
 * Every path is given relative to a root ("" for the running system), as a
 * printf format, so that tests can read trees of plain files. Nothing here
 * reports errors: an attribute that cannot be read counts as missing.
 */
#ifndef P2VD_SYSFS_H
#define P2VD_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SYSFS_PATH __attribute__((format(printf, 2, 3)))

/*
 * The first 64 KiB of the file, without white space at both ends. Bytes other
 * than printable ASCII, newline and tab become ?. NULL if there is nothing to
 * read. The caller frees.
 */
char *sysfs_text(const char *root, const char *format, ...) SYSFS_PATH;

/* The first line of that text. */
char *sysfs_line(const char *root, const char *format, ...) SYSFS_PATH;

/* The decimal number on the file's first line; @default_number if that line is anything else. */
uint64_t sysfs_number(const char *root, uint64_t default_number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Up to @size raw bytes from @offset on. Returns how many, or -1. */
ssize_t sysfs_bytes(const char *path, off_t offset, void *buffer, size_t size);

bool sysfs_exists(const char *root, const char *format, ...) SYSFS_PATH;

/* The target of a symbolic link, as it is written there; NULL if the path is not a
 * link. The caller frees. */
char *sysfs_link(const char *root, const char *format, ...) SYSFS_PATH;

/* The names in a directory in natural order (cpu2 before cpu10), without hidden
 * ones. An empty list is NULL. The caller frees it with list_free(). */
char **sysfs_list(const char *root, const char *format, ...) SYSFS_PATH;

#endif
