// SPDX-License-Identifier: GPL-2.0-or-later
/* A disk: what virt-v2v waits for, asked for through links, read ahead, stored. */
#include "relay/disk.h"
#include "base/memory.h"
#include "relay/ahead.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN (64U << 10)
#define BITMAP_MAX (24ULL << 20) /* bytes */

#define HERE_MAX (40U << 20) /* of the memory: what was read ahead, and not asked for yet */

#define SECTOR 512
#define BAD_TRIES 3
#define STATUS_MAX (1U << 30) /* bytes whose block status is asked for at once */

struct disk {
	struct loop *loop;
	struct disk_options options;
	struct disk_events events;
	struct nbd_export export;
	uint32_t block;
	uint32_t minimum; /* bytes: requests to the machine are aligned to so many */
	struct pace *pace;
	struct store *store; /* or NULL */

	struct link *links[DISK_LINKS];
	size_t link_count;
	uint64_t received; /* by links that are gone */

	struct fetch *first, **last; /* in the order in which they came up */
	size_t in_use; /* bytes of buffers */
	bool needs_room; /* a request waits for some of them */
	struct ahead ahead;
	bool has_errors; /* something could not be read */
	bool answered; /* without the machine: whoever asked has something to send now */
};

/* ---- fetches ---------------------------------------------------------------------------- */

static struct fetch *fetch_add(struct disk *disk, enum nbd_command command, uint64_t offset,
			       uint32_t length)
{
	struct fetch *fetch = memory_zero(1, sizeof(*fetch));

	fetch->command = command;
	fetch->offset = offset;
	fetch->length = fetch->span = length;
	*disk->last = fetch;
	disk->last = &fetch->next;
	return fetch;
}

/* Removes it, wherever it stands at @at. */
static void fetch_remove(struct disk *disk, struct fetch **at)
{
	struct fetch *fetch = *at;

	*at = fetch->next;
	if (disk->last == &fetch->next)
		disk->last = at;
	buffer_drop(fetch->buffer);
	free(fetch->extents);
	free(fetch);
}

/* The one that has the byte at @offset, or will have it; or NULL. */
static struct fetch *fetch_of(const struct disk *disk, uint64_t offset)
{
	for (struct fetch *fetch = disk->first; fetch; fetch = fetch->next)
		if (fetch->command == NBD_CMD_READ && offset >= fetch->offset &&
		    offset - fetch->offset < fetch->length &&
		    !(fetch->state == FETCH_HERE && fetch->error))
			return fetch;
	return NULL;
}

/* Drops what nobody needs: all of it was given away, or it failed; and, oldest first, what is
 * too much of that which was read ahead. */
static void fetches_tidy(struct disk *disk)
{
	size_t here = 0;

	for (struct fetch *fetch = disk->first; fetch; fetch = fetch->next)
		if (fetch->state == FETCH_HERE)
			here += fetch->length;
	for (struct fetch **at = &disk->first; *at;) {
		struct fetch *fetch = *at;

		if (!fetch->waiting &&
		    ((fetch->state == FETCH_HERE &&
		      (fetch->error || fetch->served >= fetch->length || here > HERE_MAX ||
		       disk->needs_room || fetch->command != NBD_CMD_READ)) ||
		     fetch->state == FETCH_PENDING)) {
			here -= fetch->state == FETCH_HERE ? fetch->length : 0;
			fetch_remove(disk, at);
		} else {
			at = &fetch->next;
		}
	}
}

/* ---- what cannot be read ------------------------------------------------------------------ */

static void report_bad(struct disk *disk, const struct fetch *fetch)
{
	disk->events.bad(disk->events.user, fetch->offset + fetch->from, fetch->span);
}

/* The range that was asked for has failed or come, in a fetch that is read in pieces. Goes on
 * with the next piece; false when all is done. */
static bool go_on_carefully(struct disk *disk, struct fetch *fetch)
{
	uint32_t sector = disk->minimum > SECTOR ? disk->minimum : SECTOR;
	uint32_t end;

	if (!fetch->error) {
		fetch->tries = 0;
		fetch->from += fetch->span;
		fetch->span *= 2;
	} else if (fetch->span > sector) {
		fetch->span = fetch->span / 2 / sector * sector;
		if (fetch->span < sector)
			fetch->span = sector;
	} else if (++fetch->tries == BAD_TRIES) {
		report_bad(disk, fetch);
		if (!disk->options.zero_bad)
			return false;
		memset(fetch->buffer->data + fetch->from, 0, fetch->span);
		fetch->tries = 0;
		fetch->from += fetch->span;
	}
	end = fetch->length - fetch->from;
	if (!end) {
		fetch->error = 0;
		return false;
	}
	if (fetch->span > end)
		fetch->span = end;
	fetch->state = FETCH_PENDING;
	return true;
}

/* ---- what comes ----------------------------------------------------------------------------- */

static void on_fetched(void *user, struct fetch *fetch)
{
	struct disk *disk = user;

	if (fetch->command == NBD_CMD_READ && fetch->error) {
		fetch->careful = disk->has_errors = true;
		fetch->error = NBD_EIO;
	}
	if (fetch->careful && go_on_carefully(disk, fetch))
		return;
	fetch->state = FETCH_HERE;
	if (disk->store && fetch->command == NBD_CMD_READ && !fetch->error)
		store_keep(disk->store, fetch->offset, fetch->buffer, fetch->length);
	read_serve(fetch);
}

static const char *on_up(void *user, struct link *link, const struct nbd_found *found)
{
	struct disk *disk = user;

	(void)link;
	if (found->size != disk->options.size)
		return "its disk has another size: it is not the one that this conversion is about";
	if (!(found->flags & NBD_READ_ONLY))
		return "its export can be written to";
	if (disk->minimum < found->minimum)
		disk->minimum = found->minimum;
	return NULL;
}

static void remove_link(struct disk *disk, struct link *link)
{
	size_t i = 0;

	while (disk->links[i] != link)
		i++;
	disk->links[i] = disk->links[--disk->link_count];
	disk->received += link_received(link);
	link_free(link);
}

static void on_lost(void *user, struct link *link, const char *reason)
{
	struct disk *disk = user;

	disk->events.lost(disk->events.user, link, reason);
	remove_link(disk, link);
}

bool disk_link(struct disk *disk, int fd, struct link **link)
{
	struct link_events events = { on_up, on_fetched, on_lost, disk };

	if (disk->link_count == DISK_LINKS)
		return false;
	*link = link_new(disk->loop, fd, disk->options.export, &events);
	disk->links[disk->link_count++] = *link;
	return true;
}

bool disk_is_linked(const struct disk *disk)
{
	for (size_t i = 0; i < disk->link_count; i++)
		if (link_is_up(disk->links[i]))
			return true;
	return false;
}

unsigned disk_links_up(const struct disk *disk)
{
	unsigned up = 0;

	for (size_t i = 0; i < disk->link_count; i++)
		up += link_is_up(disk->links[i]) && !link_is_silent(disk->links[i]);
	return up;
}

uint64_t disk_received(const struct disk *disk)
{
	uint64_t received = disk->received;

	for (size_t i = 0; i < disk->link_count; i++)
		received += link_received(disk->links[i]);
	return received;
}

/* ---- asking ----------------------------------------------------------------------------- */

/* The link with room that has the least to do, or NULL. */
static struct link *best_link(const struct disk *disk)
{
	struct link *best = NULL;

	for (size_t i = 0; i < disk->link_count; i++) {
		struct link *link = disk->links[i];

		if (link_room(link) && !link_is_silent(link) &&
		    (!best || link_load(link) < link_load(best)))
			best = link;
	}
	return best;
}

/* Where another link answers, one that has been silent for long, or was replaced, is given up. */
static void drop_silent(struct disk *disk)
{
	for (size_t i = disk_links_up(disk) ? disk->link_count : 0; i > 0; i--)
		if (link_is_overtaken(disk->links[i - 1], disk->links, disk->link_count))
			on_lost(disk, disk->links[i - 1], "it was silent when a newer one came");
		else if (link_is_silent(disk->links[i - 1]))
			on_lost(disk, disk->links[i - 1],
				"it has been silent, and another one answers");
}

static bool without_allocation(struct fetch *fetch, const struct link *link)
{
	if (fetch->command != NBD_CMD_BLOCK_STATUS || link_knows_allocation(link))
		return false;
	free(fetch->extents);
	fetch->extents = memory_zero(1, sizeof(*fetch->extents));
	fetch->extents[0].length = fetch->length;
	fetch->count = 1;
	return true;
}

/* Bytes that are asked for, and not all there. */
static uint64_t under_way(const struct disk *disk)
{
	uint64_t bytes = 0;

	for (const struct fetch *fetch = disk->first; fetch; fetch = fetch->next)
		if (fetch->state == FETCH_ASKED && fetch->command == NBD_CMD_READ)
			bytes += fetch->span;
	return bytes;
}

/* Whether @length bytes more can be stored when they come. */
static bool can_store(const struct disk *disk, uint64_t length)
{
	uint64_t due = under_way(disk);

	return !disk->store || store_is_ready(disk->store, due ? due + length : 0);
}

/* Returns the milliseconds to wait for, or -1: for a link, or the store. */
static int ask(struct disk *disk, struct fetch *fetch)
{
	int wait = pace_wait(disk->pace, loop_now());
	struct link *link = wait || !can_store(disk, fetch->span) ? NULL : best_link(disk);

	if (!link)
		return wait ? wait : -1;
	if (without_allocation(fetch, link)) {
		on_fetched(disk, fetch);
		disk->answered = true;
		return 0;
	}
	if (fetch->command == NBD_CMD_READ) {
		if (!fetch->buffer)
			fetch->buffer = buffer_new(fetch->length, &disk->in_use);
		fetch->whole = fetch->whole || disk->has_errors;
		pace_take(disk->pace, fetch->span);
	}
	link_ask(link, fetch);
	return 0;
}

/* ---- reading ahead -------------------------------------------------------------------------- */

static uint32_t new_length(const struct disk *disk, uint64_t start, uint64_t end);

/* The next fetch that reading ahead wants, or NULL. */
static struct fetch *read_ahead(struct disk *disk)
{
	struct sequence *sequence;

	if (disk->needs_room || disk->in_use > DISK_MEMORY - AHEAD_MAX / 2 ||
	    under_way(disk) >= ahead_allowed(&disk->ahead) || !can_store(disk, BUFFER_LENGTH))
		return NULL;
	while ((sequence = ahead_next(&disk->ahead, disk->options.size))) {
		uint64_t at = sequence->ahead - sequence->ahead % disk->block;
		uint32_t length;

		sequence->ahead = at + disk->block;
		if (fetch_of(disk, at) || (disk->store && store_has(disk->store, at)))
			continue;
		length = new_length(disk, at, disk->options.size);
		sequence->ahead = at + length;
		return fetch_add(disk, NBD_CMD_READ, at, length);
	}
	return NULL;
}

/* Asks for all that it can. Returns as disk_work(). */
static int ask_all(struct disk *disk)
{
	int wait = -1;

	disk->answered = false;
	for (struct fetch *fetch = disk->first; fetch; fetch = fetch->next)
		if (fetch->state == FETCH_PENDING && (wait = ask(disk, fetch)) != 0)
			return disk->answered ? 0 : wait;
	if (disk->answered)
		return 0;
	while (!(wait = pace_wait(disk->pace, loop_now())) && best_link(disk)) {
		struct fetch *fetch = read_ahead(disk);

		if (!fetch)
			return -1;
		if (ask(disk, fetch) != 0)
			return -1;
	}
	return wait ? wait : -1;
}

int disk_work(struct disk *disk)
{
	int wait;

	drop_silent(disk);
	fetches_tidy(disk);
	ahead_measure(&disk->ahead, disk_received(disk), under_way(disk), loop_now());
	wait = ask_all(disk);
	/* One that is lost by it has the last put in its place; what it was asked is pending. */
	for (size_t i = disk->link_count; i > 0; i--)
		if (link_send(disk->links[i - 1]))
			wait = 0;
	return wait;
}

/* ---- what virt-v2v asks for ------------------------------------------------------------- */

/* Bytes from the block that begins at @start on that have to be fetched, up to the block of @end,
 * and no more than fit into one request. */
static uint32_t new_length(const struct disk *disk, uint64_t start, uint64_t end)
{
	uint32_t most = disk->block > BUFFER_LENGTH ? disk->block : BUFFER_LENGTH;
	uint64_t at = start;

	do
		at += disk->block;
	while (at < end && at - start < most && !fetch_of(disk, at) &&
	       !(disk->store && store_has(disk->store, at)));
	if (at > disk->options.size)
		at = disk->options.size;
	return (uint32_t)(at - start);
}

/* From the store: as many blocks in a row as it has. False if there is none. */
static bool part_stored(struct disk *disk, struct part *part, uint64_t offset, uint64_t end)
{
	uint64_t start = offset - offset % disk->block, at = start;

	if (!disk->store)
		return false;
	while (at < end && at - start < BUFFER_LENGTH && store_has(disk->store, at))
		at += disk->block;
	if (at == start)
		return false;
	if (at > disk->options.size)
		at = disk->options.size;
	part->buffer = buffer_new(at - start, &disk->in_use);
	if (!store_read(disk->store, start, part->buffer->data, at - start)) {
		buffer_drop(part->buffer);
		part->buffer = NULL;
		return false;
	}
	part->start = offset - start;
	part->length = (at < end ? at : end) - offset;
	return true;
}

static void part_fetched(struct disk *disk, struct part *part, uint64_t offset, uint64_t end)
{
	struct fetch *fetch = fetch_of(disk, offset);
	uint64_t fetch_end;

	if (!fetch) {
		uint64_t start = offset - offset % disk->block;

		fetch = fetch_add(disk, NBD_CMD_READ, start, new_length(disk, start, end));
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

static void split(struct disk *disk, struct read *read)
{
	uint64_t at = read->request.offset, end = at + read->request.length;

	ahead_note(&disk->ahead, at, end);
	for (; at < end; at += read->parts[read->count++].length) {
		struct part *part = &read->parts[read->count];

		part->read = read;
		if (fetch_of(disk, at) || !part_stored(disk, part, at, end))
			part_fetched(disk, part, at, end);
	}
}

static void ask_status(struct disk *disk, struct read *read)
{
	const struct nbd_request *request = &read->request;
	uint64_t length = request->length < STATUS_MAX ? request->length : STATUS_MAX;
	uint64_t skip = request->offset % disk->minimum, start = request->offset - skip;
	uint64_t end = (skip + length + disk->minimum - 1) / disk->minimum * disk->minimum + start;

	if (end > disk->options.size)
		end = disk->options.size;
	read->parts[0] = (struct part){ .read = read, .start = skip, .length = length };
	read->count = 1;
	read_wait(&read->parts[0],
		  fetch_add(disk, NBD_CMD_BLOCK_STATUS, start, (uint32_t)(end - start)));
}

bool disk_has_room(struct disk *disk, uint64_t length)
{
	uint64_t taken = disk->in_use;

	for (const struct fetch *fetch = disk->first; fetch; fetch = fetch->next)
		taken += fetch->buffer || fetch->command != NBD_CMD_READ ? 0 : fetch->length;
	disk->needs_room = taken && taken + length > DISK_MEMORY;
	return !disk->needs_room;
}

struct read *disk_ask(struct disk *disk, const struct nbd_request *request,
		      void (*done)(void *user, struct read *read), void *user)
{
	bool status = request->command == NBD_CMD_BLOCK_STATUS;
	size_t parts = status ? 1 : (size_t)(request->length / disk->block) + 2;
	struct read *read = read_new(request, parts, done, user);

	if (status)
		ask_status(disk, read);
	else
		split(disk, read);
	return read;
}

/* ---- life ------------------------------------------------------------------------------- */

uint32_t disk_block(uint64_t size)
{
	uint32_t block = BLOCK_MIN;

	while (size / block / 8 > BITMAP_MAX)
		block *= 2;
	return block;
}

struct disk *disk_new(struct loop *loop, const struct disk_options *options, struct pace *pace,
		      const struct disk_events *events)
{
	struct disk *disk = memory_zero(1, sizeof(*disk));

	disk->loop = loop;
	disk->options = *options;
	disk->events = *events;
	disk->pace = pace;
	disk->block = disk_block(options->size);
	disk->minimum = 1;
	disk->export = (struct nbd_export){ options->name, options->size, disk->block };
	disk->last = &disk->first;
	return disk;
}

void disk_free(struct disk *disk)
{
	while (disk->link_count)
		remove_link(disk, disk->links[0]);
	store_free(disk->store);
	while (disk->first)
		fetch_remove(disk, &disk->first);
	free(disk);
}

void disk_zero_bad(struct disk *disk, bool zero)
{
	disk->options.zero_bad = zero;
}

void disk_keep_in(struct disk *disk, struct store *store)
{
	disk->store = store;
}

struct store *disk_store(const struct disk *disk)
{
	return disk->store;
}

const struct nbd_export *disk_export(const struct disk *disk)
{
	return &disk->export;
}
