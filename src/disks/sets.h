/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of disks: MD arrays, firmware RAIDs, LVM volume groups, btrfs on several
 * devices. A guest that gets only some of a set's disks may not start, and nobody
 * would know why: so what is missing is named before anything begins.
 *
 * The image never assembles a set, so what belongs together is read from the disks
 * and partitions (member.h). Where the kernel has assembled one (the "slaves" of a
 * device in sysfs), that counts, too.
 */
#ifndef P2VD_SETS_H
#define P2VD_SETS_H

#include "disks/disk.h"

/*
 * @disk: the @count disks that are converted; for each, appends to its "sets" what
 * it holds parts of. @all: kernel names of all disks that the machine has, those
 * among them. Appends to @warnings a sentence for each part that the guest will lack.
 */
void sets_find(const char *root, char *const *all, struct disk *disk, size_t count,
	       char ***warnings);

#endif
