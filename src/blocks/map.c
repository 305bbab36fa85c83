// SPDX-License-Identifier: GPL-2.0-or-later
/* Which parts of a disk can matter. */
#include "blocks/map.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "blocks/inspection.h"
#include "blocks/kinds.h"
#include "blocks/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECTOR 512
#define MIB ((uint64_t)1 << 20)
#define PARTITION_EDGE MIB  /* of each partition, used on both ends */
#define DISK_EDGE (64 * MIB) /* of the disk, outside partitions */
#define LARGEST_GAP (64 * MIB) /* between partitions, that is used wholly */
#define DEEPEST 3 /* pieces in pieces: volumes on an array in a partition */

struct making {
	struct map *map;
	int disk, broker;
	int64_t deadline;
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void use_range(struct making *making, uint64_t from, uint64_t to)
{
	if (to > from)
		extents_add(&making->map->extents, from, to - from);
}

static void use_piece(struct making *making, struct piece *piece, const char *reason)
{
	piece_wholly(piece, reason);
	piece_used(piece, &making->map->extents, 0, piece->size);
}

/* Moves the new pieces behind the one that they lie in. */
static void take_over(struct map *map, size_t parent, struct pieces *found)
{
	size_t behind = map->pieces.count - parent - 1;
	unsigned depth = map->pieces.piece[parent].depth + 1;

	if (!found->count)
		return;
	for (size_t i = 0; i < found->count; i++) {
		found->piece[i].depth = depth;
		found->piece[i].fixed = found->piece[i].reason;
	}
	map->pieces.piece = realloc(map->pieces.piece, (map->pieces.count + found->count) *
							       sizeof(*map->pieces.piece));
	if (!map->pieces.piece)
		abort();
	memmove(map->pieces.piece + parent + 1 + found->count, map->pieces.piece + parent + 1,
		behind * sizeof(*map->pieces.piece));
	memcpy(map->pieces.piece + parent + 1, found->piece, found->count * sizeof(*found->piece));
	map->pieces.count += found->count;
	free(found->piece);
}

static void expand(struct making *making, size_t index)
{
	struct map *map = making->map;
	struct piece *piece = map->pieces.piece + index;
	struct pieces found = { 0 };
	AUTO_FREE char *reason = NULL;
	int r = -ELOOP;

	if (piece->depth < DEEPEST)
		r = kind_expand(piece->type)(piece, making->disk, &found, &map->extents, &reason);
	if (r < 0) {
		use_piece(making, piece, reason ?: "it lies deeper in others than p2vd looks");
		pieces_clear(&found);
		return;
	}
	take_over(map, index, &found);
}

static void look_into(struct making *making, size_t index)
{
	struct piece *piece = making->map->pieces.piece + index;
	int64_t left = making->deadline - now();
	inspect_function *inspect;

	if (piece->fixed || piece->reason || left <= 0) {
		use_piece(making, piece,
			  "there was no time left to look into it (p2v.map_timeout)");
		return;
	}
	if (kind_probe(piece, making->disk) < 0) {
		use_piece(making, piece, "it cannot be read");
		return;
	}
	inspect = kind_inspect(piece->type);
	if (inspect)
		inspection_run(piece, making->disk, making->broker, inspect, left,
			       &making->map->extents);
	else if (kind_expand(piece->type))
		expand(making, index);
	else if (piece->type)
		use_piece(making, piece, "p2vd does not look into this kind");
	else
		use_piece(making, piece, "what is in it is not known");
}

/* The tables of logical partitions between @from and @to. Where they could not be followed, they
 * may be anywhere in the extended partition. */
static void use_links(struct making *making, const struct table *table, uint64_t from, uint64_t to)
{
	if (!table->links_known)
		use_range(making, from > table->extended ? from : table->extended,
			  to < table->extended_end ? to : table->extended_end);
	for (size_t i = 0; i < table->link_count; i++)
		if (table->links[i] >= from && table->links[i] < to)
			use_range(making, table->links[i],
				  table->links[i] + MIB < to ? table->links[i] + MIB : to);
}

/* What lies outside of partitions. */
static void use_gap(struct making *making, const struct table *table, uint64_t from, uint64_t to)
{
	uint64_t size = making->map->extents.size;

	if (to <= from)
		return;
	if (to - from <= LARGEST_GAP) {
		use_range(making, from, to);
		return;
	}
	use_range(making, from, from + MIB);
	use_range(making, from, to < DISK_EDGE ? to : DISK_EDGE);
	use_links(making, table, from, to);
	use_range(making, size < DISK_EDGE || from > size - DISK_EDGE ? from : size - DISK_EDGE,
		  to);
	use_range(making, to - MIB, to);
	/* A GPT's copy, which an image that was copied to a larger disk has in the middle. */
	if (table->backup >= from && table->backup < to)
		use_range(making, table->backup > from + MIB ? table->backup - MIB : from,
			  table->backup + MIB < to ? table->backup + MIB : to);
}

static void use_edges(struct making *making, const struct table *table)
{
	const struct pieces *partitions = &table->partitions;
	uint64_t at = 0;

	for (size_t i = 0; i < partitions->count; i++) {
		const struct piece *piece = partitions->piece + i;
		uint64_t start = piece->segment->at[0], end = start + piece->size;

		use_gap(making, table, at, start);
		use_range(making, start,
			  start + PARTITION_EDGE < end ? start + PARTITION_EDGE : end);
		use_range(making, piece->size > PARTITION_EDGE ? end - PARTITION_EDGE : start, end);
		at = end > at ? end : at;
	}
	use_gap(making, table, at, making->map->extents.size);
}

static void make(struct making *making)
{
	struct map *map = making->map;
	struct table table;

	table_read(&table, making->disk, map->extents.size);
	map->table = steal(table.type);
	map->reason = steal(table.reason);
	if (!map->reason && !map->table && !table.whole)
		map->reason = text_copy("it has no partition table, and nothing else that is known");
	if (!map->reason && map->table)
		use_edges(making, &table);
	map->pieces = table.partitions;
	table.partitions = (struct pieces){ 0 };
	if (!map->reason && !map->table) {
		struct piece *piece = pieces_add(&map->pieces, text_copy("the whole disk"),
						 map->extents.size);

		piece_add(piece, piece->size, 0, &(uint64_t){ 0 }, 1);
		use_range(making, 0, MIB);
		use_range(making, piece->size > MIB ? piece->size - MIB : 0, piece->size);
	}
	/* The list grows by what lies in its pieces. */
	for (size_t i = 0; !map->reason && i < map->pieces.count; i++)
		look_into(making, i);
	table_clear(&table);
}

/* A file may end within a sector. qemu-nbd serves all of that, so the map has it, too. */
static void whole_sectors(struct map *map)
{
	map->extents.size = (map->extents.size + SECTOR - 1) / SECTOR * SECTOR;
}

void map_make(struct map *map, int disk, uint64_t size, int broker, int64_t milliseconds)
{
	struct making making = { map, disk, broker, now() + milliseconds };

	*map = (struct map){ 0 };
	extents_start(&map->extents, size);
	map->extents.most = EXTENTS_MOST;
	make(&making);
	if (map->reason)
		extents_add(&map->extents, 0, size);
	extents_sort(&map->extents);
	whole_sectors(map);
}

void map_wholly(struct map *map, uint64_t size, const char *reason)
{
	*map = (struct map){ .reason = text_copy(reason) };
	extents_start(&map->extents, size);
	extents_add(&map->extents, 0, size);
	whole_sectors(map);
}

static sd_json_variant *piece_json(const struct map *map, const struct piece *piece)
{
	sd_json_variant *object = NULL;
	uint64_t used = piece_within(piece, &map->extents), offset;

	json_put_text(&object, "name", piece->name);
	json_put_text(&object, "type", piece->type);
	json_put_number(&object, "depth", piece->depth);
	if (piece_in_one(piece, &offset))
		json_put_number(&object, "offset", offset);
	json_put_number(&object, "size", piece->size);
	json_put_number(&object, "used", used);
	json_put_number(&object, "skipped", piece->size - used);
	json_put_text(&object, "reason", piece->reason);
	return object;
}

sd_json_variant *map_json(const struct map *map)
{
	sd_json_variant *object = NULL, *pieces = json_array();
	uint64_t used = extents_total(&map->extents);

	json_put_number(&object, "size", map->extents.size);
	json_put_number(&object, "unit", (uint64_t)1 << map->extents.shift);
	json_put_number(&object, "used", used);
	json_put_number(&object, "skipped", map->extents.size - used);
	json_put_number(&object, "extents", map->extents.count);
	json_put_text(&object, "table", map->table);
	json_put_text(&object, "reason", map->reason);
	for (size_t i = 0; i < map->pieces.count; i++)
		json_append(&pieces, piece_json(map, map->pieces.piece + i));
	json_put(&object, "pieces", pieces);
	return object;
}

void map_clear(struct map *map)
{
	extents_clear(&map->extents);
	pieces_clear(&map->pieces);
	free(map->table);
	free(map->reason);
}
