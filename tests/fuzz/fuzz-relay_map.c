// SPDX-License-Identifier: GPL-2.0-or-later
/* A map of what is used of a disk, as it comes into the work directory. */
#include "relay/map.h"
#include "run-files.h"

#include <string.h>

#define SIZE 0x140000700ULL

static void look_at(const struct map *map)
{
	uint64_t start, end = 0, before = 0, sum = 0;

	while (map_next(map, end, &start, &end)) {
		if (start >= end || end > SIZE || (before && start <= before))
			abort(); /* it does not ascend, or would go on for ever */
		sum += end - start;
		before = end;
		if (map_used_in(map, start, end) != end - start)
			abort();
	}
	if (sum != map_used(map) || map_used_in(map, 0, SIZE) != sum)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *wrong = NULL;
	struct map *map;
	uint8_t *room;
	size_t length;

	if (size < MAP_HEAD)
		return 0;
	map = map_begin(data, SIZE, &wrong);
	if (!map != !!wrong)
		abort();
	if (!map)
		return 0;
	room = map_room(map, &length);
	if (length <= size - MAP_HEAD) {
		memcpy(room, data + MAP_HEAD, length);
		if (!map_end(map))
			look_at(map);
	}
	map_free(map);
	return 0;
}
