/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which disk the machine's firmware starts from.
 */
#ifndef P2VD_DISK_BOOT_H
#define P2VD_DISK_BOOT_H

#include <stddef.h>

/*
 * The disk of @names (kernel names, NULL-terminated, NULL for none) that the
 * firmware would start from without our own boot medium: UEFI's boot options name
 * a partition of it; a BIOS's numbers are known by the disk's signature, if the
 * boot loader asked for them (EDD). Returns its index, SIZE_MAX where unknown.
 */
size_t disk_boot_find(const char *root, char *const *names);

#endif
