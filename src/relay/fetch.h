/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is asked of the machine at once: some blocks of a disk, or how a range of it is stored.
 * Who waits for it is a part of a read (read.h).
 */
#ifndef P2VD_FETCH_H
#define P2VD_FETCH_H

#include "relay/buffer.h"
#include "relay/nbd.h"
#include "relay/store.h"

/* Bytes of memory that are held for whoever asks for what is there later. */
#define FETCHES_AHEAD_MAX (40U << 20)

struct link;
struct part;

struct fetch {
	struct fetch *next;
	enum nbd_command command; /* READ, BLOCK_STATUS */
	uint64_t offset;
	uint32_t length;
	enum { FETCH_PENDING, FETCH_ASKED, FETCH_DIVIDED, FETCH_HERE } state;
	struct link *link;     /* while it is asked */
	struct buffer *buffer; /* of a READ: from when it is asked on */
	struct nbd_extent *extents;
	size_t count;          /* of extents */
	uint32_t error;        /* of nbd.h; 0: none */
	struct part *waiting;  /* the parts of reads that wait for it */
	uint32_t served;       /* bytes that were given away since it is here */

	/* Where only some parts of it are used, it is divided into these, which are asked for in
	 * its place. They share its buffer, and have its offset and length. */
	struct fetch *pieces;
	struct fetch *whole_of; /* of a piece: what it is a piece of */
	unsigned missing;       /* pieces that are not here */

	/* In the background, for the store. */
	bool background;
	bool kept; /* the store has taken it */
	size_t kept_as; /* store_count() then */

	/* The range within it that is asked for: all that is used of it, unless a part of that
	 * cannot be read. */
	uint32_t from;
	uint32_t span;
	uint32_t end; /* of what is used of it */
	bool trimmed; /* what is used of it was looked up in the map */
	bool careful; /* a part of it cannot be read: it is asked for in pieces */
	unsigned tries; /* how often this piece failed */
	bool whole; /* it is to come in one piece: else QEMU closes the connection on an error */
	unsigned moved; /* how often it was taken away from a silent link */
};

/* All fetches of a disk, in the order in which they came up. */
struct fetches {
	struct fetch *first, **last;
};

void fetches_begin(struct fetches *fetches);
void fetches_end(struct fetches *fetches);

/* Belongs to @fetches. */
struct fetch *fetches_add(struct fetches *fetches, enum nbd_command command, uint64_t offset,
			  uint32_t length);

/* The one that has the byte at @offset of the disk, or will have it; or NULL. */
struct fetch *fetches_find(const struct fetches *fetches, uint64_t offset);

/* Drops what nobody waits for and all of which was given away, failed, or is in @store (or NULL);
 * all that is here if @needs_room; and else, oldest first, what is here beyond FETCHES_AHEAD_MAX.
 * What the store is about to write stays, and does not count; so does what has come in part, until
 * all of it has: it would come twice. */
void fetches_tidy(struct fetches *fetches, const struct store *store, bool needs_room);

/* Bytes that are asked for, and not all there. */
uint64_t fetches_under_way(const struct fetches *fetches);

/* Bytes that the store will be given when all is there that is asked for. */
uint64_t fetches_due(const struct fetches *fetches);

/* How many are in the background. */
size_t fetches_in_background(const struct fetches *fetches);

/* Whether somebody waits for one. */
bool fetches_are_waited_for(const struct fetches *fetches);

/* One that has its buffer is to be asked for between @from and @end of it as well. After the first
 * call it is asked for there alone. */
void fetch_add_used(struct fetch *fetch, uint32_t from, uint32_t end);

/* Nothing of it is used. */
void fetch_is_unused(struct fetch *fetch);

/* A piece of it is here. Returns whether it is the last one. */
bool fetch_piece_here(struct fetch *piece);

/* Hands what is here of it to the store, which need not take it. @polite: see store_keep(). */
void fetch_keep(struct fetch *fetch, struct store *store, bool polite);

enum fetch_step {
	FETCH_AGAIN, /* there is more of it to be asked for */
	FETCH_UNREADABLE, /* the range that was asked for is */
	FETCH_COMPLETE,
};

/* The range that was asked for has come, or failed: what is next? It is asked for in smaller
 * pieces, down to @sector bytes. */
enum fetch_step fetch_step(struct fetch *fetch, uint32_t sector);

/* Takes zeros for what is unreadable, and goes on. */
enum fetch_step fetch_zero(struct fetch *fetch);

#endif
