/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a disk's kernel name tells: its order among the others, whether it can
 * be a fixed disk at all, and how virt-v2v should be told of it. No I/O.
 *
 * Names are those of /sys/block, where "!" stands for a slash ("cciss!c0d0").
 */
#ifndef P2VD_DISK_NAME_H
#define P2VD_DISK_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Natural order: sda, sdz, sdaa; nvme0n1, nvme0n2, nvme10n1. As for qsort(). */
int disk_name_compare(const char *left, const char *right);

/* False for names of what is not a disk of its own or has no fixed medium: loop, ram, sr… */
bool disk_name_may_be_fixed(const char *name);

/* "sr0" and the like. */
bool disk_name_is_optical(const char *name);

/* Whether it names a slot for a removable drive, as virt-v2v reads it: srN, hda, sdb, fda… */
bool disk_name_is_slot(const char *name);

/*
 * How the disk is attached: "sata", "sas", "fc", "iscsi", "usb", "scsi", "nvme", "mmc",
 * "virtio", "xen", "hyper-v", "nvdimm", "ccw", "ide"; NULL where unknown. disk.c makes
 * "ata" of "sata" for a parallel disk, which its name does not tell.
 * @link: what /sys/block/NAME points to, or NULL. Static.
 */
const char *disk_name_transport(const char *name, const char *link);

/* The name of the SCSI disk number @index (from 0): sda, sdz, sdaa. The caller frees. */
char *disk_name_scsi(size_t index);

/* The part of a name before its letters ("sd" of "sdaa"), NULL for other names. Static. */
const char *disk_name_prefix(const char *name);

/*
 * libvirt's target bus for a disk. @index: its index among the machine's fixed disks
 * with this prefix. @position: its index among the guest's disks.
 *
 * virt-v2v uses the bus only to rename disks inside a Linux guest. It takes the bus and
 * the position for the old name: the second disk on "sata" or "scsi" was sdb, on "ide" it
 * was hdb (in old systems, else sdb), on "virtio" vdb, and xvdb on any. So the true bus is
 * told only where index and position are equal. Take a machine with an NVMe drive and
 * then sda: as the second disk on "scsi", sda would be taken for sdb. Such disks are on
 * "virtio", and no name is changed.
 *
 * @renamed: set to whether virt-v2v changes the names of this disk correctly.
 */
const char *disk_name_bus(const char *name, const char *transport, size_t index, size_t position,
			  bool *renamed);

#endif
