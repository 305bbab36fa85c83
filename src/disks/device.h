/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's block devices: disks, drives, and what software made of them. sysfs is read
 * once for each; all questions about them are then answered from memory. A storage network
 * may show hundreds of them.
 *
 * See Documentation/ABI/stable/sysfs-block of the Linux kernel for the attributes; sizes
 * there are in units of 512 bytes whatever the disk's own.
 */
#ifndef P2VD_DEVICE_H
#define P2VD_DEVICE_H

#include "disks/disk.h"

#include <stdbool.h>
#include <stddef.h>

enum device_kind {
	DEVICE_FIXED,          /* hardware with a fixed medium and a size */
	DEVICE_NO_DISK,        /* made by software, or a drive for floppies or CDs */
	DEVICE_PATH,           /* one path of another device */
	DEVICE_UNREACHABLE,    /* the same where that device is not there */
	DEVICE_BOOT_MEDIUM,    /* the medium that this image is on */
	DEVICE_VIRTUAL_MEDIUM, /* of a management controller */
	DEVICE_EMPTY,          /* a reader without a medium */
	DEVICE_REMOVABLE,
	DEVICE_WITHOUT_SIZE,
};

struct device {
	struct disk disk;   /* what is told of it; a file's has no kernel name */
	char *link;         /* what ROOT/sys/block/NAME points to; NULL where unknown */
	char **place;       /* where it is attached (place.h) */
	char **partitions;  /* their kernel names */
	char **slaves;      /* kernel names of the disks and partitions that it is made of */
	char *mapped;       /* the name of a device-mapper device */
	bool multipath;     /* it is one, and joins the paths of one LUN */
	char *own_name;     /* a SCSI disk's NAA or EUI-64 name, from its own page 83h */
	char *subsystem;    /* the NVMe subsystem's name */
	char *target;       /* the iSCSI target's name */
	bool ata;           /* its SCSI commands are translated for an ATA disk */
	char *lun;          /* what tells the LUN that it is a path to (lun.h), or NULL */
	int rank;           /* as a path to a LUN: the higher, the better; 0: it is down */
	bool removable;     /* its medium is */
	bool hidden;        /* it is one path of an NVMe disk, which is another device */
	bool joined;        /* it is a path of another device, which is there */
	bool read_only;
	unsigned metadata; /* bytes that an NVMe disk has beside each sector */
	struct content *content; /* what is on it (content.h); NULL: not read, or not yet */
	int unread; /* an errno: why it could not be read (reading.h) */
	enum device_kind kind; /* disk_fixed.h */
};

/* All devices of the machine, or some of them. */
struct devices {
	struct device **device;
	size_t count;
};

/* All of ROOT/sys/block, in the order of their names. The caller hands @devices to
 * devices_clear(). */
void devices_read(struct devices *devices, const char *root);

/* A file that stands for a disk joins them. It belongs to @devices. */
struct device *devices_add_file(struct devices *devices, const char *path, uint64_t size);

/* The device with that kernel name, or NULL. */
struct device *devices_find(const struct devices *devices, const char *kernel_name);

void devices_clear(struct devices *devices);

/* A list of some devices, which belong to another list: the caller frees its "device" only.
 * devices_sort() puts them in the order of their places. */
void devices_append(struct devices *some, struct device *device);
void devices_sort(struct devices *some);

#endif
