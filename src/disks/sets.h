/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of disks: MD arrays, LVM volume groups, btrfs of several devices. A
 * guest that gets only some of a set's disks may not start, and nobody would
 * know why: so what is missing is named before anything begins.
 *
 * In the image no set is ever assembled, so what belongs together is read from
 * the superblocks of disks and partitions (member.h); where the kernel has
 * assembled one (holders and slaves in sysfs), that counts, too.
 */
#ifndef P2VD_SETS_H
#define P2VD_SETS_H

#include "disks/disks.h"

/*
 * Fills in what each of @disks holds parts of, and appends to @disks->warnings
 * a sentence for each part that the guest will lack. @all: kernel names of all
 * disks that the machine has, @disks' own among them.
 */
void sets_find(const char *root, char *const *all, struct disks *disks);

#endif
