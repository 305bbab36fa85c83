/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which parts of the disks are used: p2v-map, a program of its own, finds that out, in one process
 * for each disk, eight of them at a time. What it says becomes the disk's "map" (disk.h).
 */
#ifndef P2VD_DISK_MAP_H
#define P2VD_DISK_MAP_H

#include "disks/disks.h"

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

struct disk_maps;

/*
 * Starts them. @directory: where each leaves its map as a file, or NULL. @seconds: what of a disk
 * is not known by then counts as used. done() is called once, from the event loop. @disks must live
 * as long; the caller calls disk_maps_free(), which ends those that run.
 */
struct disk_maps *disk_maps_start(sd_event *event, struct disks *disks, const char *directory,
				  unsigned seconds, void (*done)(void *user), void *user);

/* Whether done() has been called. True for NULL. */
bool disk_maps_done(const struct disk_maps *maps);

/* The map of a disk, as p2v-relay reads it, and the number of its bytes. NULL: there is none, or it
 * is too large to be handed on. The caller frees. */
char *disk_maps_read(const struct disk_maps *maps, size_t index, size_t *length);

/* NULL is fine. Removes the files, too. */
void disk_maps_free(struct disk_maps *maps);

/* What its map says, a sentence each: of the disk ("1.2 GiB of 40.0 GiB are used"), then of each
 * partition and volume. NULL where it has none. The caller frees. */
char **disk_map_text(const struct disk *disk);

#endif
