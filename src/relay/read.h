/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What virt-v2v has asked for, until it is answered: a read, or how a range is stored. */
#ifndef P2VD_READ_H
#define P2VD_READ_H

#include "relay/buffer.h"
#include "relay/nbd_server.h"

#define READ_STATUS_MAX (1U << 30) /* bytes whose block status is told at once */

struct fetch;
struct map;
struct read;

/* A part of a read, in the order of its offsets. */
struct part {
	struct read *read;
	struct part *next;     /* another one that waits for the same fetch */
	struct fetch *fetch;   /* that it waits for, or NULL */
	struct buffer *buffer; /* that has its bytes, when they are here */
	size_t start;          /* in the buffer; of a BLOCK_STATUS in the fetch */
	size_t length;
};

struct read {
	struct read *next; /* for whoever has asked */
	struct nbd_request request;
	/* It is complete, or has an error. The one who asked frees it. */
	void (*done)(void *user, struct read *read);
	void *user;
	uint32_t error;             /* of nbd.h; 0: none */
	struct nbd_extent *extents; /* of a BLOCK_STATUS */
	size_t extent_count;
	unsigned missing; /* parts that wait */
	size_t count;
	struct part parts[];
};

/* For @request, with room for @parts; the caller frees by read_free(). */
struct read *read_new(const struct nbd_request *request, size_t parts,
		      void (*done)(void *user, struct read *read), void *user);

/* Takes it away from all that it waits for. NULL is fine. */
void read_free(struct read *read);

/* Lets @part wait for @fetch. */
void read_wait(struct part *part, struct fetch *fetch);

/* Answers a BLOCK_STATUS by what @map says. */
void read_take_map(struct read *read, const struct map *map);

/* All parts that wait for @fetch have their bytes now, or its error. Calls done(). */
void read_serve(struct fetch *fetch);

#endif
