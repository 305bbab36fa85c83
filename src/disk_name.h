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

/* Natural order: sda, sdz, sdaa; nvme0n1, nvme0n2, nvme10n1. As for qsort(). */
int disk_name_compare(const char *left, const char *right);

/* False for what is no disk of its own or has no fixed medium: loop, ram, sr… */
bool disk_name_may_be_fixed(const char *name);

/* "sr0" and the like. */
bool disk_name_is_optical(const char *name);

/* Whether virt-v2v reads a removable drive's slot from it: srN, hda, sdb, fda… */
bool disk_name_is_slot(const char *name);

/*
 * libvirt's target bus. @link: what /sys/block/NAME points to, or NULL.
 *
 * virt-v2v uses it for one thing: inside a Linux guest it renames the Nth
 * disk's old name (hd under ide, sd under sata and scsi, vd under virtio; xvd
 * always) to the new one. So names that it does not rename at all (nvme0n1,
 * mmcblk0…) are told as virtio, under which no name in the guest is mistaken
 * for theirs: as scsi, a USB stick's /dev/sda in the fstab of an NVMe machine
 * would become the system disk.
 */
const char *disk_name_bus(const char *name, const char *link);

#endif
