/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which parts of a disk can matter: from its partition table, and from the metadata of what is in
 * the partitions. In doubt, a part is used. Nothing is written, and no file's content is read.
 */
#ifndef P2VD_MAP_H
#define P2VD_MAP_H

#include "blocks/extents.h"
#include "blocks/piece.h"

#include <systemd/sd-json.h>

struct map {
	struct extents extents;
	struct pieces pieces; /* a piece that lies in another one comes behind it */
	char *table;  /* "gpt", "dos"; NULL: no partition table */
	char *reason; /* why the whole disk is used; NULL: it is not */
};

/* Reads for at most @milliseconds: what is not known by then is used. @broker: as in broker.h. The
 * caller hands @map to map_clear(). */
void map_make(struct map *map, int disk, uint64_t size, int broker, int64_t milliseconds);

/* A map of a disk that is used wholly. */
void map_wholly(struct map *map, uint64_t size, const char *reason);

/*
 * What of the disk is used, as a JSON object: "size", "unit", "used", "skipped" (bytes), "extents",
 * "table", "reason", and "pieces", each with "name", "type", "depth", "size", "used", "skipped",
 * "reason", and "offset" where it lies in one range. The caller unrefs.
 */
sd_json_variant *map_json(const struct map *map);

void map_clear(struct map *map);

#endif
