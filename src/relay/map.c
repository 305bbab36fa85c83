// SPDX-License-Identifier: GPL-2.0-or-later
/* Which parts of a disk are used. */
#include "relay/map.h"
#include "base/bytes.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define UNIT_MIN 4096

/* As it stands in the file at first. */
struct extent {
	uint32_t first;
	uint32_t count;
};

struct map {
	uint64_t size;
	uint64_t units;
	uint64_t used;
	uint32_t unit;
	uint32_t count;
	struct extent extents[];
};

struct map *map_begin(const uint8_t *head, uint64_t size, const char **wrong)
{
	uint64_t unit = bytes_little_endian(head + 16, 4), units;
	uint64_t count = bytes_little_endian(head + 20, 4);
	struct map *map;

	*wrong = NULL;
	if (memcmp(head, "P2VMAP1\n", 8) != 0)
		*wrong = "it is no map";
	else if (bytes_little_endian(head + 8, 8) != size)
		*wrong = "it is that of a disk of another size";
	else if (unit < UNIT_MIN || unit & (unit - 1))
		*wrong = "its unit makes no sense";
	else if (count > MAP_EXTENTS_MAX)
		*wrong = "it has too many parts";
	if (*wrong)
		return NULL;
	units = size / unit + (size % unit != 0);
	if (units > UINT32_MAX) {
		*wrong = "its unit is too small for the disk";
		return NULL;
	}
	map = memory_zero(1, sizeof(*map) + count * sizeof(*map->extents));
	map->size = size;
	map->units = units;
	map->unit = (uint32_t)unit;
	map->count = (uint32_t)count;
	return map;
}

uint8_t *map_room(struct map *map, size_t *length)
{
	*length = map->count * sizeof(*map->extents);
	return (uint8_t *)map->extents;
}

static uint64_t start_of(const struct map *map, const struct extent *extent)
{
	return (uint64_t)extent->first * map->unit;
}

static uint64_t end_of(const struct map *map, const struct extent *extent)
{
	uint64_t end = ((uint64_t)extent->first + extent->count) * map->unit;

	return end < map->size ? end : map->size;
}

const char *map_end(struct map *map)
{
	uint64_t end = 0; /* of the last one, in units */

	for (uint32_t i = 0; i < map->count; i++) {
		struct extent *extent = &map->extents[i];

		*extent = (struct extent){
			.first = (uint32_t)bytes_little_endian(&extent->first, 4),
			.count = (uint32_t)bytes_little_endian(&extent->count, 4),
		};
		if (!extent->count)
			return "a part of it is empty";
		if (i && extent->first <= end)
			return "its parts do not ascend, or touch";
		end = (uint64_t)extent->first + extent->count;
		if (end > map->units)
			return "it goes beyond the disk's end";
		map->used += end_of(map, extent) - start_of(map, extent);
	}
	return NULL;
}

void map_free(struct map *map)
{
	free(map);
}

uint64_t map_used(const struct map *map)
{
	return map->used;
}

/* The number of the first extent that ends behind @at; the count of all if there is none. */
static uint32_t find(const struct map *map, uint64_t at)
{
	uint32_t low = 0, high = map->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (end_of(map, &map->extents[middle]) > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

bool map_next(const struct map *map, uint64_t at, uint64_t *start, uint64_t *end)
{
	uint32_t i = find(map, at);

	if (i == map->count)
		return false;
	*start = start_of(map, &map->extents[i]);
	*end = end_of(map, &map->extents[i]);
	return true;
}

uint64_t map_used_in(const struct map *map, uint64_t start, uint64_t end)
{
	uint64_t used = 0;

	for (uint32_t i = find(map, start); i < map->count; i++) {
		uint64_t from = start_of(map, &map->extents[i]);
		uint64_t to = end_of(map, &map->extents[i]);

		if (from >= end)
			break;
		used += (to < end ? to : end) - (from > start ? from : start);
	}
	return used;
}
