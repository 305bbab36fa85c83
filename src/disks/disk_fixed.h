/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of the machine's devices are fixed disks, and so converted unasked, and what the
 * others are. Names are those of ROOT/sys/block.
 */
#ifndef P2VD_DISK_FIXED_H
#define P2VD_DISK_FIXED_H

#include "disks/device.h"

#include <stdbool.h>

/* The ISO 9660 label of our own image, by which a disk is known as the boot medium. */
#define P2VD_VOLUME_LABEL "P2VD"

enum device_kind disk_fixed_judge(const char *root, const struct device *device);

/* Whether ROOT/dev/NAME has an ISO 9660 file system with our label. */
bool disk_is_boot_medium(const char *root, const char *kernel_name);

/*
 * Whether it is a USB floppy, CD or disk that a management controller (iDRAC, iLO, …)
 * makes of a file on somebody's computer. Any read-only USB medium counts that has a
 * CD's file system or is no larger than a floppy.
 */
bool disk_is_virtual_medium(const char *root, const struct device *device);

#endif
