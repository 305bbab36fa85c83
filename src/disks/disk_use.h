/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the system that p2vd runs on uses a disk: then it changes while it is read, and the
 * guest would get a mixture of old and new. In the image nothing uses one.
 */
#ifndef P2VD_DISK_USE_H
#define P2VD_DISK_USE_H

#include "disks/device.h"

/*
 * What uses a disk of @all, or a file that stands for one: "'sda1' is mounted on '/boot'". NULL
 * for nothing; the caller frees. Looks for mounts, swap and what is made of the disk or its
 * partitions (device mapper, MD, loop devices) in ROOT/sys and ROOT/proc, and at "in_use" of its
 * content, which the kernel has told.
 */
char *disk_use(const char *root, const struct device *device, const struct devices *all);

#endif
