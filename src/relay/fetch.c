// SPDX-License-Identifier: GPL-2.0-or-later
/* What is asked of the machine at once, and all that is. */
#include "relay/fetch.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

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
	fetch->length = fetch->span = fetch->end = length;
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
	while (fetch->pieces) {
		struct fetch *piece = fetch->pieces;

		fetch->pieces = piece->next;
		buffer_drop(piece->buffer);
		free(piece);
	}
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

/* Whether nothing of it is asked for, or has come: it was not asked for yet, or what it was asked
 * of is gone, or it is to be asked for again. */
static bool is_idle(const struct fetch *fetch)
{
	if (fetch->state == FETCH_DIVIDED)
		for (const struct fetch *piece = fetch->pieces; piece; piece = piece->next)
			if (piece->state != FETCH_PENDING)
				return false;
	return fetch->state == FETCH_PENDING || fetch->state == FETCH_DIVIDED;
}

/* Whether the store has taken it, and does not have it yet. */
static bool is_being_stored(const struct fetch *fetch, const struct store *store)
{
	return fetch->kept && store && !store_is_done(store, fetch->kept_as);
}

/* Whether it is found in the store: in memory it would only take the room that the background
 * needs. */
static bool is_stored(const struct fetch *fetch, const struct store *store)
{
	return fetch->kept && store && store_has_all(store, fetch->offset, fetch->length);
}

/* Whether one that nobody waits for can go at once. */
static bool is_useless(const struct fetch *fetch, const struct store *store, bool needs_room)
{
	if (fetch->state != FETCH_HERE)
		return is_idle(fetch) && (needs_room || !fetch->background || !fetch->buffer);
	if (fetch->error || fetch->command != NBD_CMD_READ)
		return true;
	return (needs_room || fetch->served >= fetch->length || is_stored(fetch, store)) &&
	       !is_being_stored(fetch, store);
}

/* Whether it is here for whoever asks for it later. What is being stored goes by itself soon. */
static bool is_ahead(const struct fetch *fetch, const struct store *store)
{
	return !fetch->waiting && fetch->state == FETCH_HERE && fetch->buffer &&
	       !is_being_stored(fetch, store);
}

void fetches_tidy(struct fetches *fetches, const struct store *store, bool needs_room)
{
	uint64_t ahead = 0;

	for (struct fetch **at = &fetches->first; *at;) {
		struct fetch *fetch = *at;

		if (!fetch->waiting && is_useless(fetch, store, needs_room)) {
			remove_at(fetches, at);
		} else {
			ahead += is_ahead(fetch, store) ? fetch->buffer->room : 0;
			at = &fetch->next;
		}
	}
	for (struct fetch **at = &fetches->first; *at && ahead > FETCHES_AHEAD_MAX;) {
		if (is_ahead(*at, store)) {
			ahead -= (*at)->buffer->room;
			remove_at(fetches, at);
		} else {
			at = &(*at)->next;
		}
	}
}

static uint64_t asked_of(const struct fetch *fetch)
{
	uint64_t bytes = fetch->state == FETCH_ASKED ? fetch->span : 0;

	if (fetch->state == FETCH_DIVIDED)
		for (const struct fetch *piece = fetch->pieces; piece; piece = piece->next)
			bytes += asked_of(piece);
	return bytes;
}

uint64_t fetches_under_way(const struct fetches *fetches)
{
	uint64_t bytes = 0;

	for (const struct fetch *fetch = fetches->first; fetch; fetch = fetch->next)
		if (fetch->command == NBD_CMD_READ)
			bytes += asked_of(fetch);
	return bytes;
}

uint64_t fetches_due(const struct fetches *fetches)
{
	uint64_t bytes = 0;

	for (const struct fetch *fetch = fetches->first; fetch; fetch = fetch->next)
		if (fetch->command == NBD_CMD_READ && fetch->buffer && fetch->state != FETCH_HERE)
			bytes += fetch->length;
	return bytes;
}

size_t fetches_in_background(const struct fetches *fetches)
{
	size_t count = 0;

	for (const struct fetch *fetch = fetches->first; fetch; fetch = fetch->next)
		count += fetch->background;
	return count;
}

bool fetches_are_waited_for(const struct fetches *fetches)
{
	for (const struct fetch *fetch = fetches->first; fetch; fetch = fetch->next)
		if (fetch->waiting)
			return true;
	return false;
}

void fetch_keep(struct fetch *fetch, struct store *store, bool polite)
{
	if (fetch->kept)
		return;
	fetch->kept = store_keep(store, fetch->offset, fetch->buffer, fetch->length, polite);
	fetch->kept_as = store_count(store);
}

/* ---- pieces ------------------------------------------------------------------------------- */

static void add_piece(struct fetch *fetch, uint32_t from, uint32_t end)
{
	struct fetch *piece = memory_zero(1, sizeof(*piece)), **last = &fetch->pieces;

	*piece = (struct fetch){ .command = fetch->command,
				 .offset = fetch->offset,
				 .length = fetch->length,
				 .buffer = buffer_hold(fetch->buffer),
				 .whole_of = fetch,
				 .from = from,
				 .span = end - from,
				 .end = end };
	while (*last)
		last = &(*last)->next;
	*last = piece;
	fetch->missing++;
}

void fetch_add_used(struct fetch *fetch, uint32_t from, uint32_t end)
{
	if (fetch->state == FETCH_PENDING && !fetch->trimmed) {
		memset(fetch->buffer->data, 0, fetch->length);
		fetch->trimmed = true;
		fetch->from = from;
		fetch->span = end - from;
		fetch->end = end;
		return;
	}
	if (!fetch->pieces)
		add_piece(fetch, fetch->from, fetch->end);
	add_piece(fetch, from, end);
	fetch->state = FETCH_DIVIDED;
}

void fetch_is_unused(struct fetch *fetch)
{
	memset(fetch->buffer->data, 0, fetch->length);
	fetch->trimmed = true;
	fetch->span = fetch->end = 0;
}

bool fetch_piece_here(struct fetch *piece)
{
	struct fetch *fetch = piece->whole_of;

	piece->state = FETCH_HERE;
	if (piece->error)
		fetch->error = piece->error;
	return !--fetch->missing;
}

/* ---- what cannot be read ------------------------------------------------------------------ */

/* Lets the next range be asked for, if there is one. */
static enum fetch_step go_on(struct fetch *fetch)
{
	uint32_t rest = fetch->end - fetch->from;

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
