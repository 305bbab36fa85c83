/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which parts of a disk are used. p2vd makes the map on the machine and puts it into the work
 * directory; numbers are little-endian:
 *	8 bytes	"P2VMAP1\n"
 *	u64	bytes of the disk
 *	u32	bytes of a unit, a power of two and at least 4096
 *	u32	number of extents
 *	then for each: u32 its first unit, u32 number of its units
 * Extents are used, what is between them is not. They ascend, and neither overlap nor touch. The
 * disk's end may cut the last unit.
 */
#ifndef P2VD_RELAY_MAP_H
#define P2VD_RELAY_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAP_HEAD 24 /* bytes before the extents */
#define MAP_EXTENTS_MAX 10000000U

struct map;

/* Begins to read the map of a disk of @size bytes by its first MAP_HEAD bytes, @head. Returns NULL
 * with what is wrong in @wrong. */
struct map *map_begin(const uint8_t *head, uint64_t size, const char **wrong);

/* Where the rest, @length bytes, is to be put. */
uint8_t *map_room(struct map *map, size_t *length);

/* All is there. Returns what is wrong with it, and then map_free() is left to do, or NULL. */
const char *map_end(struct map *map);
void map_free(struct map *map);

/* Bytes that are used. */
uint64_t map_used(const struct map *map);

/* The first part that is used and ends behind @at: from @start, which may be before @at, to @end.
 * False if there is none. */
bool map_next(const struct map *map, uint64_t at, uint64_t *start, uint64_t *end);

/* Bytes that are used from @start to @end. */
uint64_t map_used_in(const struct map *map, uint64_t start, uint64_t end);

#endif
