/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file "map-N" in the work directory: the map of disk N (map.h), when p2vd has put it there. */
#ifndef P2VD_RELAY_MAP_FILE_H
#define P2VD_RELAY_MAP_FILE_H

#include "relay/map.h"

#include <sys/types.h>
#include <time.h>

/* Which file was read last, so that it is read once. Zeros at first. */
struct map_file {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

/* Reads map @index of a disk of @size bytes in @directory. Returns NULL if there is none, or it was
 * read already; or with a sentence in @reason that the caller frees. */
struct map *map_file_read(struct map_file *file, int directory, unsigned index, uint64_t size,
			  char **reason);

#endif
