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
	char **warnings;   /* sentences: what will not work in the guest; NULL for nothing */
};

/*
 * Reads ROOT/sys/block (@root "" for the running system; boot media are looked
 * for in ROOT/dev). All fixed disks (disk_fixed.h) are taken: first the one that the
 * firmware starts from, where that can be known, then the others by where they are
 * attached (place.h). A LUN with several paths counts once.
 *
 * @wanted: the user's list (names, "/dev/NAME" or absolute paths, also of files), NULL
 * for all. Its order is kept. It may name whole disks that are not fixed (a USB stick, a
 * loop device).
 *
 * @removable_wanted: the user's list of drive names, NULL for all CD and DVD drives but
 * those of a management controller. Only the form of the names is checked: the guest may
 * have drives that the machine has not.
 *
 * Returns 0, or -errno with a sentence for people in @reason (the caller frees). Then @disks has
 * the CD drives, unless @removable_wanted is given, and nothing else. The caller calls
 * disks_clear() in any case.
 */
int disks_find(const char *root, char *const *wanted, char *const *removable_wanted,
	       struct disks *disks, char **reason);

/*
 * Sentences on the disks whose names virt-v2v does not change inside a Linux guest, and on
 * those for which it does so not inside every one: a system with such a name in its fstab or
 * boot loader would not start. NULL when there are none. The caller frees.
 */
char **disks_advice(const struct disks *disks);

void disks_clear(struct disks *disks);

#endif
