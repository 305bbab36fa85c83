/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What p2vd tells of one disk. Kernel names given here are those of ROOT/sys/block
 * ("cciss!c0d0").
 */
#ifndef P2VD_DISK_H
#define P2VD_DISK_H

#include "disks/volume.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define DISK_SECTOR 512 /* bytes; sizes in sysfs are in these, whatever the disk's own are */

struct disk {
	char *kernel; /* kernel name; NULL for a file */
	char *name;   /* the same for people, "sda" or "cciss/c0d0"; a file's last path element */
	char *path;   /* what to open: "/dev/sda", or the file the user named */
	char *target; /* what virt-v2v is told that a file is called, "sda"; NULL: as above */
	char *vendor, *model, *serial; /* NULL where unknown */
	char *wwn; /* world-wide name, as the kernel writes it: "naa.5000c500a1b2c3d4"; NULL where unknown */
	char *transport; /* "sata", "sas", "nvme"… (disk_name.h); NULL where unknown */
	char *bus; /* "ide", "sata", "scsi" or "virtio": how virt-v2v is told of it */
	bool renamed; /* virt-v2v changes its old names inside a Linux guest to the new ones */
	bool rotational;
	uint64_t size; /* bytes */
	unsigned logical_block; /* bytes */
	unsigned physical_block; /* bytes */
	char **paths; /* kernel names of all paths to it where there are several, else NULL */
	char *lun; /* what tells that they lead to one LUN: "naa.5000c500a1b2c3d4"; else NULL */
	char *map; /* what of it is used, as p2v-map says in JSON (disk_map.h); NULL: not known */
	char **sets; /* what it holds parts of: "sda2: LVM volume group 'vg0'"; NULL for nothing */
	struct volumes volumes; /* what is on it */
};

/* "ROOT/dev/NAME", with slashes in NAME; @name itself where it is the absolute path of a file.
 * The caller frees. */
char *disk_node(const char *root, const char *name);

/* Up to @size bytes of that node from @offset on. Returns how many, or -1. */
ssize_t disk_bytes(const char *root, const char *name, uint64_t offset, void *buffer, size_t size);

/* The size of a disk's sectors in bytes, 512 where unknown. @which: "logical" or "physical". */
unsigned disk_block_size(const char *root, const char *kernel_name, const char *which);

/* "cciss/c0d0", as people and /dev write it, for "cciss!c0d0", and back. The caller frees. */
char *disk_plain_name(const char *kernel_name);
char *disk_kernel_name(const char *plain_name);

/* A file that the user named as a disk. The caller hands it to disk_clear(). */
struct disk disk_of_file(const char *path, uint64_t size);

void disk_clear(struct disk *disk);

#endif
