/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One LUN that is seen by several paths: a disk of a storage network that two
 * cables lead to shows as two disks, and must count once.
 */
#ifndef P2VD_LUN_H
#define P2VD_LUN_H

#include "disks/disk.h"

/*
 * Whether two disks (kernel names) are one: they have the same world-wide name
 * and size, and no unlike serial numbers. Cheap bridges give all their disks
 * one name, so nothing less will do.
 */
bool lun_is_same(const char *root, const char *left, const char *right);

/* The same for a kernel name and a disk; false where that is a file. */
bool lun_is_disk(const char *root, const char *name, const struct disk *disk);

/*
 * Leaves of @names (a list of kernel names, NULL-terminated) one for each LUN,
 * in the place of its first: the multipath device where there is one, else the
 * path that is up and, by what the storage says of it, best. The list is the
 * caller's before and after.
 */
void lun_keep_one_each(const char *root, char **names);

/* All paths (kernel names among @all) to the disk @name, itself one of them or
 * their multipath device; NULL where there is but one. The caller frees. */
char **lun_paths(const char *root, const char *name, char *const *all);

#endif
