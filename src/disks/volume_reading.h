/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reading of what is on a disk (volume.h), by libblkid. It opens the nodes read-only and asks
 * neither a cache nor udev. Reading may take for ever: only content.c does it, in a process of its
 * own.
 */
#ifndef P2VD_VOLUME_READING_H
#define P2VD_VOLUME_READING_H

#include "disks/volume.h"

/* @node: as for disk_node(). @partitions: the kernel's names of its partitions, NULL for none: then
 * those are read that the table on the disk has. What cannot be read counts as empty, and an empty
 * disk has no volumes. The caller hands @volumes to volumes_clear(). */
void volumes_read(struct volumes *volumes, const char *root, const char *node,
		  char *const *partitions);

/* Tells each of @volumes which set it is a part of, as in "sets" of struct disk. */
void volumes_name_sets(struct volumes *volumes, char *const *sets);

#endif
