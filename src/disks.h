/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's disks and removable drives, read from sysfs.
 *
 * See Documentation/ABI/stable/sysfs-block of the Linux kernel for the
 * attributes; sizes there are in units of 512 bytes whatever the disk's own.
 */
#ifndef P2VD_DISKS_H
#define P2VD_DISKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The ISO 9660 label of our own image, by which a disk is known as the boot medium. */
#define P2VD_VOLUME_LABEL "P2VD"

struct disk {
	char *name;   /* kernel name, "sda" or "cciss/c0d0"; a file's last path element */
	char *path;   /* what to open: "/dev/sda", or the file the user named */
	char *model;  /* NULL where unknown */
	char *serial; /* NULL where unknown */
	char *bus;    /* "ide", "sata", "scsi" or "virtio": how virt-v2v is told of it */
	uint64_t size; /* bytes */
	unsigned logical_block; /* bytes */
	unsigned physical_block; /* bytes */
};

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
