// SPDX-License-Identifier: GPL-2.0-or-later
/* A piece of a disk. */
#include "blocks/piece.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct piece *pieces_add(struct pieces *pieces, char *name, uint64_t size)
{
	struct piece piece = { .name = name, .size = size };

	APPEND(pieces->piece, pieces->count, piece);
	return pieces->piece + pieces->count - 1;
}

static void piece_clear(struct piece *piece)
{
	for (size_t i = 0; i < piece->segments; i++)
		free(piece->segment[i].at);
	free(piece->segment);
	free(piece->name);
	free(piece->type);
	free(piece->reason);
}

void pieces_clear(struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++)
		piece_clear(pieces->piece + i);
	free(pieces->piece);
	*pieces = (struct pieces){ 0 };
}

void piece_add(struct piece *piece, uint64_t length, uint64_t stripe, const uint64_t *at,
	       size_t stripes)
{
	struct segment segment = { length, stripe, memory_zero(stripes, sizeof(*at)), stripes };

	memcpy(segment.at, at, stripes * sizeof(*at));
	APPEND(piece->segment, piece->segments, segment);
}

bool piece_in_one(const struct piece *piece, uint64_t *offset)
{
	if (piece->segments != 1 || piece->segment->stripes != 1)
		return false;
	*offset = piece->segment->at[0];
	return true;
}

/* How many of a segment's first @offset bytes lie on that stripe. */
static uint64_t on_stripe(const struct segment *segment, uint64_t offset, size_t stripe)
{
	uint64_t chunk, row;

	if (segment->stripes == 1)
		return offset;
	chunk = offset / segment->stripe;
	row = chunk / segment->stripes * segment->stripe;
	if (chunk % segment->stripes > stripe)
		return row + segment->stripe;
	return chunk % segment->stripes == stripe ? row + offset % segment->stripe : row;
}

/* Calls @range for each range of the disk that belongs to the piece's [offset, offset + length). */
static void each_range(const struct piece *piece, uint64_t offset, uint64_t length,
		       void (*range)(void *user, uint64_t offset, uint64_t length), void *user)
{
	uint64_t start = 0;

	if (offset >= piece->size)
		return;
	if (length > piece->size - offset)
		length = piece->size - offset;
	for (size_t i = 0; i < piece->segments && start < offset + length; i++) {
		const struct segment *segment = piece->segment + i;
		uint64_t end = start + segment->length;
		uint64_t from = (offset > start ? offset : start) - start;
		uint64_t to = (offset + length < end ? offset + length : end) - start;

		for (size_t j = 0; end > offset && j < segment->stripes; j++) {
			uint64_t first = on_stripe(segment, from, j);
			uint64_t last = on_stripe(segment, to, j);

			if (last > first)
				range(user, segment->at[j] + first, last - first);
		}
		start = end;
	}
}

static void add_range(void *user, uint64_t offset, uint64_t length)
{
	extents_add(user, offset, length);
}

void piece_used(const struct piece *piece, struct extents *extents, uint64_t offset,
		uint64_t length)
{
	each_range(piece, offset, length, add_range, extents);
}

struct sum {
	const struct extents *extents;
	uint64_t bytes;
};

static void count_range(void *user, uint64_t offset, uint64_t length)
{
	struct sum *sum = user;

	sum->bytes += extents_within(sum->extents, offset, length);
}

uint64_t piece_within(const struct piece *piece, const struct extents *extents)
{
	struct sum sum = { .extents = extents };

	each_range(piece, 0, piece->size, count_range, &sum);
	return sum.bytes;
}

/* Where the byte at @offset lies, and how many follow it there. 0: nowhere. */
static uint64_t place(const struct piece *piece, uint64_t offset, uint64_t *at)
{
	for (size_t i = 0; i < piece->segments; i++) {
		const struct segment *segment = piece->segment + i;
		uint64_t left = segment->length - offset, chunk;

		if (offset >= segment->length) {
			offset -= segment->length;
			continue;
		}
		if (segment->stripes == 1) {
			*at = segment->at[0] + offset;
			return left;
		}
		chunk = offset / segment->stripe;
		*at = segment->at[chunk % segment->stripes] +
		      chunk / segment->stripes * segment->stripe + offset % segment->stripe;
		if (left > segment->stripe - offset % segment->stripe)
			left = segment->stripe - offset % segment->stripe;
		return left;
	}
	return 0;
}

bool piece_read(const struct piece *piece, int disk, uint64_t offset, void *buffer, size_t length)
{
	char *to = buffer;

	if (offset > piece->size || length > piece->size - offset)
		return false;
	while (length) {
		uint64_t at, some = place(piece, offset, &at);
		ssize_t got;

		if (some > length)
			some = length;
		if (!some || at > INT64_MAX)
			return false;
		got = pread(disk, to, some, (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		offset += (uint64_t)got;
		length -= (size_t)got;
	}
	return true;
}

void piece_expect(const struct piece *piece, int disk, uint64_t offset, size_t length)
{
	uint64_t at = 0, some = offset < piece->size ? place(piece, offset, &at) : 0;

	if (some && at <= INT64_MAX)
		posix_fadvise(disk, (off_t)at, (off_t)(some < length ? some : length),
			      POSIX_FADV_WILLNEED);
}

void piece_wholly(struct piece *piece, const char *reason)
{
	if (!piece->reason)
		piece->reason = text_copy(reason);
}
