/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which units of a disk are used: ranges in a list, which costs 8 bytes for each.
 *
 * A unit is a power of two, at least 4096 bytes: the smallest that lets 32 bits number all units
 * of the disk. A unit of which one byte is used is used. The last one may be cut by the disk's end.
 */
#ifndef P2VD_EXTENTS_H
#define P2VD_EXTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct extent {
	uint32_t first, count; /* units */
};

struct extents {
	uint64_t size; /* of the disk, in bytes */
	unsigned shift; /* a unit has 1 << shift bytes */
	struct extent *extent;
	size_t count, room;
	size_t most; /* how many there may be; 0: any number */
	bool unsorted;
};

/* Of a map: as many as p2v-relay takes. They are 80 MB. */
#define EXTENTS_MOST 10000000

/* An empty list. The caller hands it to extents_clear(). */
void extents_start(struct extents *extents, uint64_t size);

/* That range, in bytes, is used. What is beyond the disk's end is left out. Ranges may come in any
 * order and overlap; in ascending order they need no sorting later. Where there would be more than
 * extents->most, what is unused between some that are close to each other becomes used. */
void extents_add(struct extents *extents, uint64_t offset, uint64_t length);

/* Sorts and joins them. To be called before the functions below. */
void extents_sort(struct extents *extents);

/* Calls @used for each range of bytes that is used in that one. */
void extents_each(const struct extents *extents, uint64_t offset, uint64_t length,
		  void (*used)(void *user, uint64_t offset, uint64_t length), void *user);

/* How many bytes of that range, and of the whole disk, are used. */
uint64_t extents_within(const struct extents *extents, uint64_t offset, uint64_t length);
uint64_t extents_total(const struct extents *extents);

/* Calls @hole for each range of bytes before, between and behind them. */
void extents_invert(const struct extents *extents,
		    void (*hole)(void *user, uint64_t offset, uint64_t length), void *user);

/*
 * Writes the map, as p2v-relay reads it: the 8 bytes "P2VMAP1\n"; then, little-endian, the disk's
 * size in bytes (64 bits), a unit's size in bytes and the number of extents (32 bits each); then of
 * each extent its first unit and its number of units (32 bits each), ascending, none of which
 * overlap or touch. Returns 0, or -errno.
 */
int extents_write(const struct extents *extents, int descriptor);

void extents_clear(struct extents *extents);

#endif
