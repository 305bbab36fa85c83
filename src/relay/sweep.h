/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is used of a disk, on its way into the store from the disk's beginning to its end, in the
 * background. Nothing in the store gives way to it: it stops when that is full, and goes on when
 * the copy has passed what is there.
 */
#ifndef P2VD_RELAY_SWEEP_H
#define P2VD_RELAY_SWEEP_H

#include "relay/ahead.h"
#include "relay/fetch.h"
#include "relay/map.h"
#include "relay/store.h"

struct sweep {
	struct map *map;
	uint64_t size;
	uint32_t block;
	uint64_t at; /* all that is used before it is in the store, or was given to the copy */
	uint64_t ahead; /* all before it was asked for */
	uint64_t passed; /* the copy needs nothing before it any more */
	const struct ahead *given; /* what the copy has read, once it has passed any; or NULL */
	uint64_t losses; /* of the store, that are known */
	bool full; /* the store is */
	bool complete; /* all that is used is in the store */
	bool stuck; /* something cannot be read: it is left to virt-v2v to meet that */
	bool unfinished; /* there is more to look at, at once */
	uint8_t *came; /* a bit for each block that has come, if only once */
	uint64_t fetched; /* bytes of @map that have come */
};

/* @map belongs to the sweep from now on. @block: bytes that are asked for and stored. */
struct sweep *sweep_new(struct map *map, uint64_t size, uint32_t block);
void sweep_free(struct sweep *sweep);

/* Whether something of the block at @offset is used. */
bool sweep_wants(const struct sweep *sweep, uint64_t offset);

/* @fetch has its buffer: only what is used of it is to be asked for, in multiples of @minimum
 * bytes. */
void sweep_trim(const struct sweep *sweep, struct fetch *fetch, uint32_t minimum);

/* Blocks have come from the machine: they count. */
void sweep_came(struct sweep *sweep, uint64_t offset, uint64_t length);

/* Hands what has come to the store: what it asked for, and, until the copy has passed something,
 * what somebody else did. To be called in each turn, and then the next two. */
void sweep_settle(struct sweep *sweep, struct store *store, const struct fetches *fetches);

/* Looks how far the store is: to be called in each turn. */
void sweep_look(struct sweep *sweep, const struct store *store);

/* Virt-v2v copies, has got to @position of the disk, and has read what @copy says; @position 0: it
 * does not copy, or is at the beginning. Once it has passed something, not all that is used gets
 * into the store any more, and what it has read does not come again. @copy is kept until the next
 * call. */
void sweep_pass(struct sweep *sweep, struct store *store, uint64_t position,
		const struct ahead *copy);

/* The block that is next to be asked for, in @offset. False: none for now. */
bool sweep_next(struct sweep *sweep, const struct store *store, const struct fetches *fetches,
		uint64_t *offset);

#endif
