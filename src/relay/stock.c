// SPDX-License-Identifier: GPL-2.0-or-later
/* What is here of a disk, or on its way. */
#include "relay/stock.h"

#include <string.h>

bool stock_is_missing(const struct stock *stock, uint64_t at)
{
	return !fetches_find(&stock->fetches, at) &&
	       !(stock->store && store_has(stock->store, at)) &&
	       !(stock->sweep && !sweep_wants(stock->sweep, at));
}

uint32_t stock_request_max(const struct stock *stock)
{
	return stock->block > BUFFER_LENGTH ? stock->block : BUFFER_LENGTH;
}

uint32_t stock_new_length(const struct stock *stock, uint64_t start, uint64_t end)
{
	uint32_t most = stock_request_max(stock);
	uint64_t at = start;

	do
		at += stock->block;
	while (at < end && at - start < most && stock_is_missing(stock, at));
	if (at > stock->size)
		at = stock->size;
	return (uint32_t)(at - start);
}

static struct buffer *zero_buffer(size_t length)
{
	static size_t in_use; /* it is not of those that have to leave room */
	struct buffer *buffer = buffer_new(length, &in_use);

	memset(buffer->data, 0, length);
	return buffer;
}

/* Nothing from @offset on up to @end, or to where the map begins again, is used. False if the block
 * at @offset is. */
static bool part_unused(struct stock *stock, struct part *part, uint64_t offset, uint64_t end)
{
	uint32_t most = stock_request_max(stock);
	uint64_t start = offset, stop;

	if (!stock->sweep || sweep_wants(stock->sweep, offset))
		return false;
	if (map_next(stock->sweep->map, offset, &start, &stop) && start < end)
		end = start - start % stock->block;
	if (!stock->zeros)
		stock->zeros = zero_buffer(most);
	part->buffer = buffer_hold(stock->zeros);
	part->length = end - offset < most ? end - offset : most;
	return true;
}

/* From the store: as many blocks in a row as it has. False if there is none. */
static bool part_stored(struct stock *stock, struct part *part, uint64_t offset, uint64_t end)
{
	uint64_t start = offset - offset % stock->block, at = start;

	if (!stock->store)
		return false;
	while (at < end && at - start < BUFFER_LENGTH && store_has(stock->store, at))
		at += stock->block;
	if (at == start)
		return false;
	if (at > stock->size)
		at = stock->size;
	part->buffer = buffer_new(at - start, &stock->in_use);
	if (!store_read(stock->store, start, part->buffer->data, at - start)) {
		buffer_drop(part->buffer);
		part->buffer = NULL;
		return false;
	}
	part->start = offset - start;
	part->length = (at < end ? at : end) - offset;
	return true;
}

static void part_fetched(struct stock *stock, struct part *part, uint64_t offset, uint64_t end)
{
	struct fetch *fetch = fetches_find(&stock->fetches, offset);
	uint64_t fetch_end;

	if (!fetch) {
		uint64_t start = offset - offset % stock->block;

		fetch = fetches_add(&stock->fetches, NBD_CMD_READ, start,
				    stock_new_length(stock, start, end));
	}
	fetch_end = fetch->offset + fetch->length;
	part->start = offset - fetch->offset;
	part->length = (fetch_end < end ? fetch_end : end) - offset;
	if (fetch->state != FETCH_HERE) {
		read_wait(part, fetch);
		return;
	}
	part->buffer = buffer_hold(fetch->buffer);
	fetch->served += (uint32_t)part->length;
}

void stock_split(struct stock *stock, struct read *read)
{
	uint64_t at = read->request.offset, end = at + read->request.length;

	for (; at < end; at += read->parts[read->count++].length) {
		struct part *part = &read->parts[read->count];

		part->read = read;
		if (part_unused(stock, part, at, end))
			continue;
		if (fetches_find(&stock->fetches, at) || !part_stored(stock, part, at, end))
			part_fetched(stock, part, at, end);
	}
}
