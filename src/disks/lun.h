/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One LUN with several paths: a disk of a storage network with two cables to it is
 * seen as two disks, and must count once. No I/O.
 */
#ifndef P2VD_LUN_H
#define P2VD_LUN_H

#include "disks/device.h"

/*
 * Whether two devices are the same LUN, as one is with itself: they have the same
 * world-wide name and size, and no different serial numbers. The name alone is not
 * enough: cheap bridges give all their disks the same one.
 */
bool lun_is_same(const struct device *left, const struct device *right);

/* The first of @some that is the same LUN as @device; NULL for none. */
struct device *lun_find(const struct devices *some, const struct device *device);

/* Leaves one of @some for each LUN, in the place of its first: the multipath device where
 * there is one, else the best path. */
void lun_keep_one_each(struct devices *some);

/* The kernel names of all paths among @all to @device, which is one of them or their
 * multipath device; NULL where there is only one. The caller frees. */
char **lun_paths(const struct device *device, const struct devices *all);

#endif
