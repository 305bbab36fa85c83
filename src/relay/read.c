// SPDX-License-Identifier: GPL-2.0-or-later
#include "relay/read.h"
#include "base/memory.h"
#include "relay/fetch.h"

#include <stdlib.h>
#include <string.h>

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
	if (fetch->command == NBD_CMD_BLOCK_STATUS && !fetch->error) {
		read->extents = memory_zero(fetch->count, sizeof(*read->extents));
		memcpy(read->extents, fetch->extents, fetch->count * sizeof(*read->extents));
		read->extent_count = fetch->count;
	}
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
