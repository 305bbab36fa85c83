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

/* False for what is no disk of its own or has no fixed medium: loop, ram, sr… */
bool disk_name_may_be_fixed(const char *name);

/* "sr0" and the like. */
bool disk_name_is_optical(const char *name);

/* Whether virt-v2v reads a removable drive's slot from it: srN, hda, sdb, fda… */
bool disk_name_is_slot(const char *name);

/*
 * How the disk is attached: "sata", "ata" (whether it is parallel cannot be
 * told by the name: see disk.c), "sas", "fc", "iscsi", "usb", "scsi", "nvme",
 * "mmc", "virtio", "xen", "hyper-v", "nvdimm", "ccw", "ide"; NULL where unknown.
 * @link: what /sys/block/NAME points to, or NULL. Static.
 */
const char *disk_name_transport(const char *name, const char *link);

/* The part of a name before its letters ("sd" of "sdaa"), NULL for other names. Static. */
const char *disk_name_prefix(const char *name);

/*
 * libvirt's target bus, for the disk that stands at @position (from 0) in the
 * guest and is its family's number @rank among the machine's fixed disks.
 *
 * virt-v2v uses it for one thing: inside a Linux guest it renames the disk at
 * position N from the name that a machine of that bus gives its Nth disk (ide:
 * hd under systems as old as that, else sd; sata and scsi: sd; virtio: vd; xvd
 * always) to the new one. So a bus is told only where rank and position agree,
 * and else virtio, under which no name is mistaken for another disk's: as
 * scsi, the /dev/sdb of a machine with an NVMe drive first would become the
 * disk that was /dev/sda.
 *
 * @renamed: set to whether names of this disk inside the guest come right.
 */
const char *disk_name_bus(const char *name, const char *transport, size_t index, size_t position,
			  bool *renamed);

#endif
