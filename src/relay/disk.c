// SPDX-License-Identifier: GPL-2.0-or-later
/* A disk: what virt-v2v waits for, asked for through links, read ahead, stored. */
#include "relay/disk.h"
#include "base/memory.h"
#include "relay/ahead.h"
#include "relay/links.h"
#include "relay/stock.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN (64U << 10)
#define BITMAP_MAX (16ULL << 20) /* bytes; there are two */

#define SECTOR 512

/* Requests of a link that are left to what virt-v2v waits for. */
#define LINK_RESERVE 8

struct disk {
	struct loop *loop;
	struct disk_options options;
	struct disk_events events;
	struct nbd_export export;
	uint32_t minimum; /* bytes: requests to the machine are aligned to so many */
	struct pace *pace;
	bool opened;  /* virt-v2v has, once at least */
	bool copying; /* virt-v2v reads it for the last time */
	bool hurried; /* and no processor is idle meanwhile */

	struct links links;
	struct stock stock;
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

static void take(struct disk *disk, struct fetch *fetch)
{
	/* What is copied is hardly needed again, but what lies before the copy is. */
	bool polite = fetch->background || (disk->copying && !disk->hurried && disk->stock.sweep);

	fetch->state = FETCH_HERE;
	if (fetch->command == NBD_CMD_READ && !fetch->error) {
		if (disk->stock.sweep)
			sweep_came(disk->stock.sweep, fetch->offset, fetch->length);
		if (disk->stock.store)
			fetch_keep(fetch, disk->stock.store, polite);
	}
	read_serve(fetch);
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
	if (!fetch->whole_of)
		take(disk, fetch);
	else if (fetch_piece_here(fetch))
		take(disk, fetch->whole_of);
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
	uint64_t due = fetches_due(&disk->stock.fetches);

	/* One at least: what is larger than all that the store takes would wait for ever. */
	return !disk->stock.store || store_is_ready(disk->stock.store, due + length) ||
	       (!due && store_is_settled(disk->stock.store));
}

/* Asks for one range. Returns the milliseconds to wait for, or -1: for a link. */
static int ask_range(struct disk *disk, struct fetch *fetch)
{
	int wait = pace_wait(disk->pace, loop_now());
	struct link *link = wait ? NULL : links_best(&disk->links);

	if (!link)
		return wait ? wait : -1;
	if (without_allocation(fetch, link)) {
		on_fetched(disk, fetch);
		disk->answered = true;
		return 0;
	}
	if (fetch->command == NBD_CMD_READ) {
		fetch->whole = fetch->whole || disk->has_errors;
		pace_take(disk->pace, fetch->span);
	}
	link_ask(link, fetch);
	return 0;
}

/* Returns as ask_range(), and -1 if it has to wait for the store, too. */
static int ask(struct disk *disk, struct fetch *fetch)
{
	int wait;

	if (fetch->state == FETCH_PENDING && !fetch->buffer && fetch->command == NBD_CMD_READ) {
		if (!can_store(disk, fetch->length) || !links_best(&disk->links))
			return -1;
		fetch->buffer = buffer_new(fetch->length, &disk->stock.in_use);
		if (disk->stock.sweep)
			sweep_trim(disk->stock.sweep, fetch, disk->minimum);
		if (!fetch->span) {
			take(disk, fetch);
			disk->answered = true;
			return 0;
		}
	}
	if (fetch->state == FETCH_PENDING)
		return ask_range(disk, fetch);
	for (struct fetch *piece = fetch->pieces; piece; piece = piece->next)
		if (piece->state == FETCH_PENDING && (wait = ask_range(disk, piece)) != 0)
			return wait;
	return 0;
}

/* ---- reading ahead -------------------------------------------------------------------------- */

/* The next fetch that reading ahead wants, or NULL. */
static struct fetch *read_ahead(struct disk *disk)
{
	uint32_t most = stock_request_max(&disk->stock);
	struct sequence *sequence;

	/* One too many: what was left over longest goes for it. */
	if (disk->needs_room || disk->stock.in_use > FETCHES_AHEAD_MAX ||
	    fetches_under_way(&disk->stock.fetches) >= ahead_allowed(&disk->ahead) ||
	    !can_store(disk, most))
		return NULL;
	while ((sequence = ahead_next(&disk->ahead, disk->options.size))) {
		uint64_t at = sequence->ahead - sequence->ahead % disk->stock.block;
		uint32_t length;

		sequence->ahead = at + disk->stock.block;
		if (!stock_is_missing(&disk->stock, at))
			continue;
		length = stock_new_length(&disk->stock, at, disk->options.size);
		sequence->ahead = at + length;
		return fetches_add(&disk->stock.fetches, NBD_CMD_READ, at, length);
	}
	return NULL;
}

/* ---- in the background ------------------------------------------------------------------ */

/* The next fetch for the store alone, or NULL. */
static struct fetch *fetch_behind(struct disk *disk)
{
	const struct link *link = links_best(&disk->links);
	struct fetch *fetch;
	uint64_t at;

	if (!link || link_room(link) <= LINK_RESERVE || disk->stock.in_use > DISK_MEMORY / 2 ||
	    fetches_under_way(&disk->stock.fetches) >=
		    ahead_allowed_behind(&disk->ahead, link_delay(link), disk->pace->hurry) ||
	    !store_takes(disk->stock.store, fetches_due(&disk->stock.fetches)) ||
	    !sweep_next(disk->stock.sweep, disk->stock.store, &disk->stock.fetches, &at))
		return NULL;
	fetch = fetches_add(&disk->stock.fetches, NBD_CMD_READ, at,
			    stock_new_length(&disk->stock, at, disk->options.size));
	fetch->background = true;
	disk->stock.sweep->ahead = at + fetch->length;
	return fetch;
}

static bool is_sweeping(const struct disk *disk)
{
	return disk->stock.sweep && disk->stock.store && disk->opened;
}

/* Asks for all that it can. Returns as disk_work(). */
static int ask_all(struct disk *disk)
{
	int wait = -1;

	disk->answered = false;
	for (struct fetch *fetch = disk->stock.fetches.first; fetch; fetch = fetch->next)
		if ((fetch->state == FETCH_PENDING || fetch->state == FETCH_DIVIDED) &&
		    (wait = ask(disk, fetch)) != 0)
			return disk->answered ? 0 : wait;
	if (disk->answered)
		return 0;
	while (!(wait = pace_wait(disk->pace, loop_now())) && links_best(&disk->links)) {
		struct fetch *fetch = read_ahead(disk);

		/* The copy takes it in any case: storing it, too, would only cost time. */
		if (!fetch && is_sweeping(disk) && !disk->needs_room && !disk->hurried)
			fetch = fetch_behind(disk);
		if (!fetch || ask(disk, fetch) != 0)
			break;
	}
	return wait ? wait : is_sweeping(disk) && disk->stock.sweep->unfinished ? 0 : -1;
}

int disk_work(struct disk *disk)
{
	size_t in_use = disk->stock.in_use;
	int wait;

	drop_silent(disk);
	if (is_sweeping(disk)) {
		sweep_settle(disk->stock.sweep, disk->stock.store, &disk->stock.fetches);
		sweep_pass(disk->stock.sweep, disk->stock.store,
			   disk->copying ? ahead_position(&disk->ahead) : 0, &disk->ahead);
		sweep_look(disk->stock.sweep, disk->stock.store);
	}
	fetches_tidy(&disk->stock.fetches, disk->stock.store, disk->needs_room);
	ahead_measure(&disk->ahead, disk_received(disk), fetches_under_way(&disk->stock.fetches),
		      loop_now());
	wait = ask_all(disk);
	if (disk->needs_room && disk->stock.in_use < in_use)
		wait = 0; /* whoever waits for it may go on */
	disk->needs_room = false; /* and says so again if not */
	/* One that is lost by it has the last put in its place; what it was asked is pending. */
	for (size_t i = disk->links.count; i > 0; i--)
		if (link_send(disk->links.list[i - 1]))
			wait = 0;
	return wait;
}

/* ---- what virt-v2v asks for ------------------------------------------------------------- */

static void ask_status(struct disk *disk, struct read *read)
{
	const struct nbd_request *request = &read->request;
	uint64_t length = request->length < READ_STATUS_MAX ? request->length : READ_STATUS_MAX;
	uint64_t skip = request->offset % disk->minimum, start = request->offset - skip;
	uint64_t end = (skip + length + disk->minimum - 1) / disk->minimum * disk->minimum + start;

	if (end > disk->options.size)
		end = disk->options.size;
	read->parts[0] = (struct part){ .read = read, .start = skip, .length = length };
	read->count = 1;
	read_wait(&read->parts[0], fetches_add(&disk->stock.fetches, NBD_CMD_BLOCK_STATUS, start,
					       (uint32_t)(end - start)));
}

bool disk_has_room(struct disk *disk, uint64_t length)
{
	uint64_t taken = disk->stock.in_use;

	for (const struct fetch *fetch = disk->stock.fetches.first; fetch; fetch = fetch->next)
		taken += fetch->buffer || fetch->command != NBD_CMD_READ ? 0 : fetch->length;
	disk->needs_room = taken && taken + length > DISK_MEMORY;
	return !disk->needs_room;
}

struct read *disk_ask(struct disk *disk, const struct nbd_request *request,
		      void (*done)(void *user, struct read *read), void *user)
{
	bool status = request->command == NBD_CMD_BLOCK_STATUS;
	size_t parts = status ? 1 : (size_t)(request->length / disk->stock.block) + 2;
	struct read *read = read_new(request, parts, done, user);

	if (status) {
		if (disk->stock.sweep)
			read_take_map(read, disk->stock.sweep->map);
		else
			ask_status(disk, read);
		return read;
	}
	ahead_note(&disk->ahead, request->offset, request->offset + request->length);
	stock_split(&disk->stock, read);
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
	disk->stock.size = options->size;
	disk->stock.block = disk_block(options->size);
	disk->minimum = 1;
	disk->export = (struct nbd_export){ options->name, options->size, disk->stock.block };
	fetches_begin(&disk->stock.fetches);
	return disk;
}

void disk_free(struct disk *disk)
{
	links_end(&disk->links);
	store_free(disk->stock.store);
	fetches_end(&disk->stock.fetches);
	sweep_free(disk->stock.sweep);
	buffer_drop(disk->stock.zeros);
	free(disk);
}

void disk_zero_bad(struct disk *disk, bool zero)
{
	disk->options.zero_bad = zero;
}

void disk_keep_in(struct disk *disk, struct store *store)
{
	disk->stock.store = store;
}

struct store *disk_store(const struct disk *disk)
{
	return disk->stock.store;
}

void disk_take_map(struct disk *disk, struct map *map)
{
	struct stock *stock = &disk->stock;

	stock->sweep = sweep_new(map, stock->size, stock->block);
	for (uint64_t at = 0; stock->store && at < stock->size; at += stock->block)
		if (store_has(stock->store, at))
			sweep_came(stock->sweep, at, stock->block);
}

const struct sweep *disk_sweep(const struct disk *disk)
{
	return disk->stock.sweep;
}

void disk_open(struct disk *disk)
{
	disk->opened = true;
}

void disk_copy(struct disk *disk, bool copying, bool hurried)
{
	/* What was read before is no copy. */
	if (copying && !disk->copying)
		ahead_forget(&disk->ahead);
	disk->copying = copying;
	disk->hurried = copying && hurried;
}

bool disk_is_complete(const struct disk *disk)
{
	return disk->stock.sweep && disk->stock.sweep->complete;
}

bool disk_is_waited_for(const struct disk *disk)
{
	return fetches_are_waited_for(&disk->stock.fetches);
}

const struct nbd_export *disk_export(const struct disk *disk)
{
	return &disk->export;
}
