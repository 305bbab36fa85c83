/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A piece of a disk: a partition, a logical volume, the disk itself. It has bytes from 0 to its
 * size, and knows where on the disk they lie: in one segment, or in several, which may be striped.
 */
#ifndef P2VD_PIECE_H
#define P2VD_PIECE_H

#include "blocks/extents.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct segment {
	uint64_t length; /* bytes of the piece; it begins where the one before ends */
	uint64_t stripe; /* how many bytes lie on one stripe in a row, where there are several */
	uint64_t *at;    /* where on the disk each stripe begins, in bytes */
	size_t stripes;
};

struct piece {
	char *name; /* "partition 2", "volume vg0/root" */
	char *type; /* libblkid's word for what is in it; NULL: nothing that it knows */
	char *reason; /* why it is used wholly; NULL: it was looked into */
	uint64_t size; /* bytes */
	struct segment *segment;
	size_t segments;
	unsigned depth; /* how many other pieces it lies in */
	bool fixed; /* whoever found it has decided about it: nothing is to be looked for in it */
};

struct pieces {
	struct piece *piece;
	size_t count;
};

/* Adds a piece of @size bytes, which has no segment yet. @name belongs to it. The result is valid
 * until the next one is added. The caller hands @pieces to pieces_clear(). */
struct piece *pieces_add(struct pieces *pieces, char *name, uint64_t size);
void pieces_clear(struct pieces *pieces);

/* Adds a segment with one or more stripes at @at (copied). */
void piece_add(struct piece *piece, uint64_t length, uint64_t stripe, const uint64_t *at,
	       size_t stripes);

/* Whether it lies on the disk in one range; then sets @offset to where that begins. */
bool piece_in_one(const struct piece *piece, uint64_t *offset);

/* That range of it is used. What lies beyond its end is left out. */
void piece_used(const struct piece *piece, struct extents *extents, uint64_t offset,
		uint64_t length);

/* How many of its bytes are used. */
uint64_t piece_within(const struct piece *piece, const struct extents *extents);

/* Reads all of that range. False if it cannot, or if it is not all within the piece. */
bool piece_read(const struct piece *piece, int disk, uint64_t offset, void *buffer, size_t length);

/* Says that this range, or its beginning, will be read soon. */
void piece_expect(const struct piece *piece, int disk, uint64_t offset, size_t length);

/* Sets the reason, unless there is one. */
void piece_wholly(struct piece *piece, const char *reason);

#endif
