/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of the machine's disks are fixed ones. Names are those of ROOT/sys/block.
 */
#ifndef P2VD_DISK_FIXED_H
#define P2VD_DISK_FIXED_H

#include <stdbool.h>

/* The ISO 9660 label of our own image, by which a disk is known as the boot medium. */
#define P2VD_VOLUME_LABEL "P2VD"

/* A fixed medium with a size, made of hardware, and not our own boot medium. */
bool disk_is_fixed(const char *root, const char *kernel_name);

/* Why what may be a disk is no fixed one; NULL when it is one, or software's. */
const char *disk_why_not_fixed(const char *root, const char *kernel_name);

/* Whether ROOT/dev/NAME starts with an ISO 9660 file system of our label. */
bool disk_is_boot_medium(const char *root, const char *kernel_name);

/*
 * What a management controller (iDRAC, iLO, …) shows the machine by USB: a
 * floppy, CD or disk that lies in somebody's browser. Also any read-only USB
 * medium that holds a CD's file system or is no larger than a floppy.
 */
bool disk_is_virtual_medium(const char *root, const char *kernel_name);

#endif
