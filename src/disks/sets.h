/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of disks: MD arrays, firmware RAIDs, LVM volume groups, btrfs on several
 * devices. A guest that gets only some of a set's disks may not start, and nobody
 * would know why: so what is missing is named before anything begins.
 *
 * The image never assembles a set, so what belongs together is read from the disks
 * and partitions (content.h). Where the kernel has assembled one (the "slaves" of a
 * device in sysfs), that counts, too.
 */
#ifndef P2VD_SETS_H
#define P2VD_SETS_H

#include "disks/device.h"

/*
 * @all: what the machine has. @looked: the disks to look at, each LUN once; the
 * first @count of them are converted. For each of these, appends to its "sets" what it holds parts
 * of. Appends to @warnings a sentence for each part that the guest will lack.
 */
void sets_find(const struct devices *all, const struct devices *looked, size_t count,
	       char ***warnings);

#endif
