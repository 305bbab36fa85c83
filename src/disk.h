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

/* A fixed medium with a size, made of hardware, and not our own boot medium. */
bool disk_is_fixed(const char *root, const char *kernel_name);

/* Whether ROOT/dev/NAME starts with an ISO 9660 file system of our label. */
bool disk_is_boot_medium(const char *root, const char *kernel_name);

/* Bytes, 0 where there is no medium. */
uint64_t disk_size(const char *root, const char *kernel_name);

/* "cciss/c0d0", as people and /dev say it, for "cciss!c0d0", and back. The caller frees. */
char *disk_plain_name(const char *kernel_name);
char *disk_kernel_name(const char *plain_name);

/* The caller hands each to disk_clear(). */
struct disk disk_read(const char *root, const char *kernel_name);
struct disk disk_of_file(const char *path, uint64_t size);

void disk_clear(struct disk *disk);

#endif
