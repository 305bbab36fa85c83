// SPDX-License-Identifier: GPL-2.0-or-later
/* What is asked of the machine at once, and all that is. */
#include "relay/fetch.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define HERE_MAX (40U << 20) /* bytes that were read ahead, and not asked for yet */
#define TRIES 3 /* of a sector that cannot be read */

void fetches_begin(struct fetches *fetches)
{
	fetches->first = NULL;
	fetches->last = &fetches->first;
}

struct fetch *fetches_add(struct fetches *fetches, enum nbd_command command, uint64_t offset,
			  uint32_t length)
{
	struct fetch *fetch = memory_zero(1, sizeof(*fetch));

	fetch->command = command;
	fetch->offset = offset;
	fetch->length = fetch->span = length;
	*fetches->last = fetch;
	fetches->last = &fetch->next;
	return fetch;
}

/* Removes it, wherever it stands at @at. */
static void remove_at(struct fetches *fetches, struct fetch **at)
{
	struct fetch *fetch = *at;

	*at = fetch->next;
	if (fetches->last == &fetch->next)
		fetches->last = at;
	buffer_drop(fetch->buffer);
	free(fetch->extents);
	free(fetch);
}

void fetches_end(struct fetches *fetches)
{
	while (fetches->first)
		remove_at(fetches, &fetches->first);
}

struct fetch *fetches_find(const struct fetches *fetches, uint64_t offset)
{
	for (struct fetch *fetch = fetches->first; fetch; fetch = fetch->next)
		if (fetch->command == NBD_CMD_READ && offset >= fetch->offset &&
		    offset - fetch->offset < fetch->length &&
		    !(fetch->state == FETCH_HERE && fetch->error))
			return fetch;
	return NULL;
}

void fetches_tidy(struct fetches *fetches, bool needs_room)
{
	size_t here = 0;

	for (struct fetch *fetch = fetches->first; fetch; fetch = fetch->next)
		if (fetch->state == FETCH_HERE)
			here += fetch->length;
	for (struct fetch **at = &fetches->first; *at;) {
		struct fetch *fetch = *at;

		if (!fetch->waiting &&
		    ((fetch->state == FETCH_HERE &&
		      (fetch->error || fetch->served >= fetch->length || here > HERE_MAX ||
		       needs_room || fetch->command != NBD_CMD_READ)) ||
		     fetch->state == FETCH_PENDING)) {
			here -= fetch->state == FETCH_HERE ? fetch->length : 0;
			remove_at(fetches, at);
		} else {
			at = &fetch->next;
		}
	}
}

uint64_t fetches_under_way(const struct fetches *fetches)
{
	uint64_t bytes = 0;

	for (const struct fetch *fetch = fetches->first; fetch; fetch = fetch->next)
		if (fetch->state == FETCH_ASKED && fetch->command == NBD_CMD_READ)
			bytes += fetch->span;
	return bytes;
}

/* ---- what cannot be read ------------------------------------------------------------------ */

/* Lets the next range be asked for, if there is one. */
static enum fetch_step go_on(struct fetch *fetch)
{
	uint32_t rest = fetch->length - fetch->from;

	if (!rest) {
		fetch->error = 0;
		return FETCH_COMPLETE;
	}
	if (fetch->span > rest)
		fetch->span = rest;
	fetch->state = FETCH_PENDING;
	return FETCH_AGAIN;
}

enum fetch_step fetch_step(struct fetch *fetch, uint32_t sector)
{
	if (!fetch->error) {
		fetch->tries = 0;
		fetch->from += fetch->span;
		fetch->span *= 2;
	} else if (fetch->span > sector) {
		fetch->span = fetch->span / 2 / sector * sector;
		if (fetch->span < sector)
			fetch->span = sector;
	} else if (++fetch->tries == TRIES) {
		return FETCH_UNREADABLE;
	}
	return go_on(fetch);
}

enum fetch_step fetch_zero(struct fetch *fetch)
{
	memset(fetch->buffer->data + fetch->from, 0, fetch->span);
	fetch->tries = 0;
	fetch->from += fetch->span;
	return go_on(fetch);
}
