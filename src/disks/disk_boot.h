/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which disk the machine's firmware starts from.
 */
#ifndef P2VD_DISK_BOOT_H
#define P2VD_DISK_BOOT_H

#include "disks/device.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which of @some the firmware would start from without our own boot medium: UEFI's boot
 * options name a partition of it; a BIOS's numbers are known by the disk's signature, if the
 * boot loader asked for them (EDD). Their content (content.h) must have been read. Returns its
 * index, SIZE_MAX where unknown.
 */
size_t disk_boot_find(const char *root, const struct devices *some);

/* The partition that one of UEFI's boot options names. */
struct disk_boot {
	int partition; /* from 1 */
	char id[37];   /* the partition's, as signature_partitions() tells it */
};

/*
 * @variable: a Boot#### (UEFI Specification 2.10, 3.1.3 and 10.3.5.1) as in efivarfs, with
 * the attributes before it. False where it is switched off, damaged, or names no partition
 * (a network card, a shell, a whole disk). No I/O.
 */
bool disk_boot_parse(struct disk_boot *option, const uint8_t *variable, size_t length);

#endif
