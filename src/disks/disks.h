/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which disks and removable drives the guest gets: all that the machine has,
 * or those that the user named.
 */
#ifndef P2VD_DISKS_H
#define P2VD_DISKS_H

#include "disks/disk.h"

#include <stddef.h>

struct disks {
	struct disk *disk; /* in the order in which the guest will have them */
	size_t count;
	char **removable;  /* CD and DVD drives' kernel names, NULL-terminated */
	char **warnings;   /* sentences: what the guest will lack (sets.h); NULL for nothing */
};

/*
 * Reads ROOT/sys/block (@root "" for the running system; boot media are looked
 * for in ROOT/dev). Fixed disks: first the one that the firmware starts from, where
 * that can be known, then all others by where they hang (disk_order.h), whatever
 * the kernel has named them; not: loop, ram, zram, floppy, eMMC boot areas,
 * sizeless and removable media, what a management controller shows by USB, and
 * the disk that the image was booted from. A LUN that is seen by several paths
 * counts once.
 *
 * @wanted: the user's list (names, "/dev/NAME" or absolute paths, which may
 * be files), NULL for all; its order is kept, and whole disks that would not
 * be taken unasked (a USB stick, a loop device) are taken.
 *
 * @removable_wanted: the user's list of drive names, NULL for all CD and DVD
 * drives but those of a management controller. A guest's drive needs none in the
 * machine, so only the form of the names is checked.
 *
 * Returns 0, or -errno with a sentence for people in @reason (the caller frees).
 */
int disks_find(const char *root, char *const *wanted, char *const *removable_wanted,
	       struct disks *disks, char **reason);

/*
 * What to tell before the conversion: the disks whose names virt-v2v does not
 * put right inside a Linux guest, or not inside every one, so that one whose
 * fstab or boot loader has such a name would not start. NULL when there are
 * none. The caller frees.
 */
char *disks_advice(const struct disks *disks);

void disks_clear(struct disks *disks);

#endif
