/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places of the disks that could not be read, as the relay lists them (relay/relay.h). */
#ifndef P2VD_BAD_SECTORS_H
#define P2VD_BAD_SECTORS_H

#include "disks/disks.h"

/*
 * What the lines "NAME OFFSET LENGTH" (in bytes) of @list say, for people: "sectors 8 to 15 of the
 * disk 'sda' (serial number 123), in sda2". Places that follow each other are one. Sectors have
 * 512 bytes, as in /sys. @root: of the files of the system, "". A NULL-terminated list, or NULL; the
 * caller frees with list_free().
 */
char **bad_sectors_describe(const struct disks *disks, const char *list, const char *root);

/* The disk of the first line of @list, or NULL. It belongs to @disks. */
const struct disk *bad_sectors_disk(const struct disks *disks, const char *list);

#endif
