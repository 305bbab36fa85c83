/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of a machine's disks: the same at every start, whatever the kernel
 * has named them this time.
 */
#ifndef P2VD_DISK_ORDER_H
#define P2VD_DISK_ORDER_H

/*
 * Sorts @names (kernel names, NULL-terminated, NULL for none) by where the disks are
 * attached (place.h): an NVMe namespace also by its number, a multipath device by the
 * first of its paths. Disks in one place are in the natural order of their names.
 */
void disk_order_sort(const char *root, char **names);

#endif
