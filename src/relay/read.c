// SPDX-License-Identifier: GPL-2.0-or-later
/* What virt-v2v has asked for, until it is answered. */
#include "relay/read.h"
#include "base/memory.h"
#include "relay/fetch.h"
#include "relay/map.h"

#include <stdlib.h>

#define EXTENTS_MAX 4096 /* that are told at once */

struct read *read_new(const struct nbd_request *request, size_t parts,
		      void (*done)(void *user, struct read *read), void *user)
{
	struct read *read = memory_zero(1, sizeof(*read) + parts * sizeof(*read->parts));

	read->request = *request;
	read->done = done;
	read->user = user;
	return read;
}

void read_wait(struct part *part, struct fetch *fetch)
{
	part->fetch = fetch;
	part->next = fetch->waiting;
	fetch->waiting = part;
	part->read->missing++;
}

void read_free(struct read *read)
{
	if (!read)
		return;
	for (size_t i = 0; i < read->count; i++) {
		struct part *part = &read->parts[i];
		struct part **at = part->fetch ? &part->fetch->waiting : NULL;

		while (at && *at != part)
			at = &(*at)->next;
		if (at)
			*at = part->next;
		buffer_drop(part->buffer);
	}
	free(read->extents);
	free(read);
}

/* What the fetch says of the read's own range. */
static void take_extents(struct read *read, const struct part *part, const struct fetch *fetch)
{
	uint64_t skip = part->start, rest = part->length;

	read->extents = memory_zero(fetch->count, sizeof(*read->extents));
	for (size_t i = 0; i < fetch->count && rest; i++) {
		struct nbd_extent extent = fetch->extents[i];
		uint64_t skipped = skip < extent.length ? skip : extent.length;

		skip -= skipped;
		extent.length -= skipped;
		if (!extent.length)
			continue;
		if (extent.length > rest)
			extent.length = rest;
		rest -= extent.length;
		read->extents[read->extent_count++] = extent;
	}
	if (!read->extent_count)
		read->error = NBD_EIO; /* a machine that says less than a block of it */
}

static void serve(struct part *part, struct fetch *fetch)
{
	struct read *read = part->read;

	part->fetch = NULL;
	if (fetch->error && !read->error)
		read->error = fetch->error;
	if (fetch->command == NBD_CMD_READ && !fetch->error) {
		part->buffer = buffer_hold(fetch->buffer);
		fetch->served += (uint32_t)part->length;
	}
	if (fetch->command == NBD_CMD_BLOCK_STATUS && !fetch->error)
		take_extents(read, part, fetch);
	if (!--read->missing)
		read->done(read->user, read);
}

void read_serve(struct fetch *fetch)
{
	while (fetch->waiting) {
		struct part *part = fetch->waiting;

		fetch->waiting = part->next;
		serve(part, fetch);
	}
}

void read_take_map(struct read *read, const struct map *map)
{
	const struct nbd_request *request = &read->request;
	uint64_t length = request->length < READ_STATUS_MAX ? request->length : READ_STATUS_MAX;
	uint64_t at = request->offset, end = at + length;
	size_t most = request->flags & NBD_CMD_REQ_ONE ? 1 : EXTENTS_MAX;

	read->extents = memory_zero(most, sizeof(*read->extents));
	while (at < end && read->extent_count < most) {
		struct nbd_extent *extent = &read->extents[read->extent_count++];
		uint64_t start, stop = end;
		bool used = map_next(map, at, &start, &stop);

		if (!used || start > at) {
			stop = used && start < end ? start : end;
			extent->state = NBD_STATE_HOLE | NBD_STATE_ZERO;
		}
		stop = stop < end ? stop : end;
		extent->length = stop - at;
		at = stop;
	}
}
