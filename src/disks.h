/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which disks and removable drives the guest gets: all that the machine has,
 * or those that the user named.
 */
#ifndef P2VD_DISKS_H
#define P2VD_DISKS_H

#include "disk.h"

#include <stddef.h>

struct disks {
	struct disk *disk; /* in the order in which the guest will have them */
	size_t count;
	char **removable;  /* CD and DVD drives' kernel names, NULL-terminated */
};

/*
 * Reads ROOT/sys/block (@root "" for the running system; boot media are looked
 * for in ROOT/dev). Fixed disks in natural order; not: loop, ram, zram, floppy,
 * eMMC boot areas, sizeless and removable media, and the disk that the image
 * was booted from.
 *
 * @wanted: the user's list (names, "/dev/NAME" or absolute paths, which may
 * be files), NULL for all; its order is kept, and whole disks that would not
 * be taken unasked (a USB stick, a loop device) are taken.
 *
 * @removable_wanted: the user's list of drive names, NULL for all CD and DVD
 * drives. A guest's drive needs none in the machine, so only the form of the
 * names is checked.
 *
 * Returns 0, or -errno with a sentence for people in @reason (the caller frees).
 */
int disks_find(const char *root, char *const *wanted, char *const *removable_wanted,
	       struct disks *disks, char **reason);

void disks_clear(struct disks *disks);

#endif
