/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which disks and removable drives the guest gets: all that the machine has,
 * or those that the user named.
 */
#ifndef P2VD_DISKS_H
#define P2VD_DISKS_H

#include "disks/disk.h"

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

struct disks {
	struct disk *disk; /* in the order in which the guest will have them */
	size_t count;
	char **removable;  /* CD and DVD drives' kernel names, NULL-terminated */
	char **warnings;   /* sentences: what will not work in the guest; NULL for nothing */
};

struct disks_wishes {
	const char *root; /* "" for the running system; disks are looked for in ROOT/dev */
	/* The user's list (names, "/dev/NAME" or absolute paths, also of files), NULL for all
	 * fixed disks (disk_fixed.h). Its order is kept. It may name whole disks that are not
	 * fixed (a USB stick, a loop device). */
	char *const *disks;
	/* The user's list of drives, NULL for all CD and DVD drives but those of a management
	 * controller. Only the form of the names is checked: the guest may have drives that the
	 * machine has not. */
	char *const *removable;
	/* The machine's own system runs, and not the image: a disk that it uses is refused. */
	bool live;
};

/*
 * The search for them: reads sysfs, then, by processes of their own, what is on the disks
 * (reading.h). Of all fixed disks comes first the one that the firmware starts from, where that
 * can be known, then the others by where they are attached (place.h). A LUN with several paths
 * counts once.
 *
 * Calls done() from the event loop, once, with 0, and @disks filled in; or with -errno and a
 * sentence for people, and then @disks has the CD drives, unless the user has named some, and
 * nothing else. That takes up to a minute where a disk does not answer. done() must not free the
 * search. The lists of the wishes and @disks must live as long; the caller calls disks_clear() in
 * any case.
 */
struct disks_search *disks_search(sd_event *event, const struct disks_wishes *wishes,
				  struct disks *disks,
				  void (*done)(void *user, int result, const char *reason),
				  void *user);

/* No callback comes any more; @disks stay. NULL is fine. */
void disks_search_free(struct disks_search *search);

/*
 * Sentences on the disks whose names virt-v2v does not change inside a Linux guest, and on
 * those for which it does so not inside every one: a system with such a name in its fstab or
 * boot loader would not start. NULL when there are none. The caller frees.
 */
char **disks_advice(const struct disks *disks);

/* The sizes of all, together. */
uint64_t disks_bytes(const struct disks *disks);

void disks_clear(struct disks *disks);

#endif
