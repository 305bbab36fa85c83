/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of a machine's disks: the same at every start, whatever the kernel
 * has named them this time.
 */
#ifndef P2VD_DISK_ORDER_H
#define P2VD_DISK_ORDER_H

#include <stddef.h>

/*
 * Sorts @names (kernel names, NULL-terminated, NULL for none) by where the disks
 * hang (place.h): an NVMe namespace by its number, a multipath device by its
 * first path. Disks that hang in one place are in the natural order of their
 * names.
 */
void disk_order_sort(const char *root, char **names);

/*
 * The disk of @names that the machine's firmware starts from, where it can be
 * known: UEFI's boot options name a partition of it; a BIOS's numbers are
 * known by the disk's signature, if the boot loader asked for them (EDD). That
 * is what it would do without our own boot medium. Returns its index, or SIZE_MAX.
 * (disk_boot.c)
 */
size_t disk_order_boot(const char *root, char *const *names);

#endif
