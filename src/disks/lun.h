/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One LUN with several paths: a disk of a storage network with two cables to it is
 * seen as two disks, and must count once.
 */
#ifndef P2VD_LUN_H
#define P2VD_LUN_H

#include "disks/disk.h"

/*
 * Whether two disks (kernel names) are the same LUN, as one is with itself: they have the
 * same world-wide name and size, and no different serial numbers. The name alone is not
 * enough: cheap bridges give all their disks the same one.
 */
bool lun_is_same(const char *root, const char *left, const char *right);

/* The same for a kernel name and a disk; false where that is a file. */
bool lun_is_disk(const char *root, const char *name, const struct disk *disk);

/*
 * Leaves one of @names (kernel names, NULL-terminated) for each LUN, in the place of
 * its first: the multipath device where there is one, else the best path. The list is
 * the caller's before and after.
 */
void lun_keep_one_each(const char *root, char **names);

/* All paths (kernel names among @all) to the disk @name, which is one of them or
 * their multipath device; NULL where there is only one. The caller frees. */
char **lun_paths(const char *root, const char *name, char *const *all);

#endif
