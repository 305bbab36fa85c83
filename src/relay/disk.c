// SPDX-License-Identifier: GPL-2.0-or-later
/* A disk: what virt-v2v waits for, asked for through links, read ahead, stored. */
#include "relay/disk.h"
#include "base/memory.h"
#include "relay/ahead.h"
#include "relay/links.h"

#include <stdlib.h>

#define BLOCK_MIN (64U << 10)
#define BITMAP_MAX (24ULL << 20) /* bytes */

#define SECTOR 512
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

	struct links links;
	struct fetches fetches;
	size_t in_use; /* bytes of buffers */
	bool needs_room; /* a request waits for some of them */
	struct ahead ahead;
	bool has_errors; /* something could not be read */
	bool answered; /* without the machine: whoever asked has something to send now */
};

/* ---- what comes ----------------------------------------------------------------------------- */

/* The range that was asked for has failed or come, in a fetch that is read in pieces. Goes on
 * with the next piece; false when all is done. */
static bool go_on_carefully(struct disk *disk, struct fetch *fetch)
{
	uint32_t sector = disk->minimum > SECTOR ? disk->minimum : SECTOR;
	enum fetch_step step = fetch_step(fetch, sector);

	if (step != FETCH_UNREADABLE)
		return step == FETCH_AGAIN;
	disk->events.bad(disk->events.user, fetch->offset + fetch->from, fetch->span);
	if (!disk->options.zero_bad)
		return false;
	return fetch_zero(fetch) == FETCH_AGAIN;
}

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

static void on_lost(void *user, struct link *link, const char *reason)
{
	struct disk *disk = user;

	disk->events.lost(disk->events.user, link, reason);
	links_remove(&disk->links, link);
}

bool disk_link(struct disk *disk, int fd, struct link **link)
{
	struct link_events events = { on_up, on_fetched, on_lost, disk };

	if (disk->links.count == LINKS_MAX)
		return false;
	*link = link_new(disk->loop, fd, disk->options.export, &events);
	links_add(&disk->links, *link);
	return true;
}

bool disk_is_linked(const struct disk *disk)
{
	return links_are_there(&disk->links);
}

unsigned disk_links_up(const struct disk *disk)
{
	return links_up(&disk->links);
}

uint64_t disk_received(const struct disk *disk)
{
	return links_received(&disk->links);
}

/* ---- asking ----------------------------------------------------------------------------- */

/* Where another link answers, one that has been silent for long, or was replaced, is given up. */
static void drop_silent(struct disk *disk)
{
	struct link *link;

	while ((link = links_overtaken(&disk->links)))
		on_lost(disk, link, "it was silent when a newer one came");
	while ((link = links_silent(&disk->links)))
		on_lost(disk, link, "it has been silent, and another one answers");
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

/* Whether @length bytes more can be stored when they come. */
static bool can_store(const struct disk *disk, uint64_t length)
{
	uint64_t due = fetches_under_way(&disk->fetches);

	return !disk->store || store_is_ready(disk->store, due ? due + length : 0);
}

/* Returns the milliseconds to wait for, or -1: for a link, or the store. */
static int ask(struct disk *disk, struct fetch *fetch)
{
	int wait = pace_wait(disk->pace, loop_now());
	struct link *link = wait || !can_store(disk, fetch->span) ? NULL : links_best(&disk->links);

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
	    fetches_under_way(&disk->fetches) >= ahead_allowed(&disk->ahead) ||
	    !can_store(disk, BUFFER_LENGTH))
		return NULL;
	while ((sequence = ahead_next(&disk->ahead, disk->options.size))) {
		uint64_t at = sequence->ahead - sequence->ahead % disk->block;
		uint32_t length;

		sequence->ahead = at + disk->block;
		if (fetches_find(&disk->fetches, at) || (disk->store && store_has(disk->store, at)))
			continue;
		length = new_length(disk, at, disk->options.size);
		sequence->ahead = at + length;
		return fetches_add(&disk->fetches, NBD_CMD_READ, at, length);
	}
	return NULL;
}

/* Asks for all that it can. Returns as disk_work(). */
static int ask_all(struct disk *disk)
{
	int wait = -1;

	disk->answered = false;
	for (struct fetch *fetch = disk->fetches.first; fetch; fetch = fetch->next)
		if (fetch->state == FETCH_PENDING && (wait = ask(disk, fetch)) != 0)
			return disk->answered ? 0 : wait;
	if (disk->answered)
		return 0;
	while (!(wait = pace_wait(disk->pace, loop_now())) && links_best(&disk->links)) {
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
	fetches_tidy(&disk->fetches, disk->needs_room);
	ahead_measure(&disk->ahead, disk_received(disk), fetches_under_way(&disk->fetches),
		      loop_now());
	wait = ask_all(disk);
	/* One that is lost by it has the last put in its place; what it was asked is pending. */
	for (size_t i = disk->links.count; i > 0; i--)
		if (link_send(disk->links.list[i - 1]))
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
	while (at < end && at - start < most && !fetches_find(&disk->fetches, at) &&
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
	struct fetch *fetch = fetches_find(&disk->fetches, offset);
	uint64_t fetch_end;

	if (!fetch) {
		uint64_t start = offset - offset % disk->block;

		fetch = fetches_add(&disk->fetches, NBD_CMD_READ, start,
				    new_length(disk, start, end));
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
		if (fetches_find(&disk->fetches, at) || !part_stored(disk, part, at, end))
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
	read_wait(&read->parts[0], fetches_add(&disk->fetches, NBD_CMD_BLOCK_STATUS, start,
					       (uint32_t)(end - start)));
}

bool disk_has_room(struct disk *disk, uint64_t length)
{
	uint64_t taken = disk->in_use;

	for (const struct fetch *fetch = disk->fetches.first; fetch; fetch = fetch->next)
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
	fetches_begin(&disk->fetches);
	return disk;
}

void disk_free(struct disk *disk)
{
	links_end(&disk->links);
	store_free(disk->store);
	fetches_end(&disk->fetches);
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
