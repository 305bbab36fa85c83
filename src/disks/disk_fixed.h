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

/* What is not known to be a medium of ours or of a management controller, because its content
 * (content.h) has not been read, counts as a disk. */
enum device_kind disk_fixed_judge(const struct device *device);

/* Whether there is an ISO 9660 file system with our label on it. */
bool disk_is_boot_medium(const struct device *device);

/*
 * Whether it is a USB floppy, CD or disk that a management controller (iDRAC, iLO, …)
 * makes of a file on somebody's computer. Any read-only USB medium counts that has a
 * CD's file system or is no larger than a floppy.
 */
bool disk_is_virtual_medium(const struct device *device);

#endif
