/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is here of a disk, or on its way: in the store, in fetches, and what is not used, and so
 * need not come at all. Reads are made of it.
 */
#ifndef P2VD_RELAY_STOCK_H
#define P2VD_RELAY_STOCK_H

#include "relay/fetch.h"
#include "relay/read.h"
#include "relay/store.h"
#include "relay/sweep.h"

struct stock {
	uint64_t size;
	uint32_t block;      /* bytes that come and are stored together */
	struct store *store; /* or NULL */
	struct sweep *sweep; /* with the map; NULL: there is none */
	struct fetches fetches;
	size_t in_use; /* bytes of buffers */
	struct buffer *zeros; /* or NULL */
};

/* Whether the block at @at is not here, nor on its way, and something of it is used. */
bool stock_is_missing(const struct stock *stock, uint64_t at);

/* Bytes of one request to the machine at most. */
uint32_t stock_request_max(const struct stock *stock);

/* Bytes from the block that begins at @start on that have to be fetched, up to the block of @end,
 * and no more than fit into one request. */
uint32_t stock_new_length(const struct stock *stock, uint64_t start, uint64_t end);

/* Makes @read of what is here, and lets it wait for the rest. */
void stock_split(struct stock *stock, struct read *read);

#endif
