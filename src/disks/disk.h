/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One disk, read from sysfs.
 *
 * See Documentation/ABI/stable/sysfs-block of the Linux kernel for the
 * attributes; sizes there are in units of 512 bytes whatever the disk's own.
 * Kernel names given here are those of ROOT/sys/block ("cciss!c0d0").
 */
#ifndef P2VD_DISK_H
#define P2VD_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct disk {
	char *kernel; /* kernel name; NULL for a file */
	char *name;   /* the same for people, "sda" or "cciss/c0d0"; a file's last path element */
	char *path;   /* what to open: "/dev/sda", or the file the user named */
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
	char **sets; /* what it holds parts of: "sda2: LVM volume group 'vg0'"; NULL for nothing */
};

/* Whether it is a device-mapper device that joins the paths of one LUN; and the kernel
 * names of those paths, NULL for any other disk (the caller frees). */
bool disk_is_multipath(const char *root, const char *kernel_name);
char **disk_paths(const char *root, const char *kernel_name);

/* "ROOT/dev/NAME", with slashes in NAME. The caller frees. */
char *disk_node(const char *root, const char *kernel_name);

/* Up to @size bytes of ROOT/dev/NAME from @offset on. Returns how many, or -1. */
ssize_t disk_bytes(const char *root, const char *kernel_name, uint64_t offset, void *buffer,
		   size_t size);

/* Bytes, 0 where there is no medium. */
uint64_t disk_size(const char *root, const char *kernel_name);

/* The size of its sectors in bytes, 512 where unknown. @which: "logical" or "physical". */
unsigned disk_block_size(const char *root, const char *kernel_name, const char *which);

/* The world-wide name, with one blank for several; NULL where unknown. The caller frees. */
char *disk_wwn(const char *root, const char *kernel_name);

/* The serial number; NULL where unknown. The caller frees. */
char *disk_serial(const char *root, const char *kernel_name);

/* "cciss/c0d0", as people and /dev write it, for "cciss!c0d0", and back. The caller frees. */
char *disk_plain_name(const char *kernel_name);
char *disk_kernel_name(const char *plain_name);

/* A disk, and a file that the user named as one. The caller hands each to disk_clear().
 * disks.c fills in a disk's bus, paths and sets, which depend on the other disks. */
struct disk disk_read(const char *root, const char *kernel_name);
struct disk disk_of_file(const char *path, uint64_t size);

/* Where it is attached (place.h), for place_sort(): an NVMe namespace also by its number, a
 * disk with several paths by the first of them. The caller frees with list_free(). */
char **disk_place(const char *root, const char *kernel_name);

/*
 * What is wrong with a disk that was there at the start: a sentence (the caller frees).
 * NULL where it can be read to its end and has the size that it had. Takes up to 30 s where
 * the disk does not answer. (disk_trouble.c)
 */
char *disk_trouble(const struct disk *disk);

void disk_clear(struct disk *disk);

#endif
