// SPDX-License-Identifier: GPL-2.0-or-later
/* What is used of a disk, on its way into the store in the background. */
#include "relay/sweep.h"
#include "base/memory.h"

#include <stdlib.h>

#define STEPS 4096 /* blocks that are looked at in a turn */

struct sweep *sweep_new(struct map *map, uint64_t size, uint32_t block)
{
	struct sweep *sweep = memory_zero(1, sizeof(*sweep));

	*sweep = (struct sweep){ .map = map, .size = size, .block = block };
	sweep->came = memory_zero(size / block / 8 + 1, 1);
	return sweep;
}

void sweep_free(struct sweep *sweep)
{
	if (!sweep)
		return;
	map_free(sweep->map);
	free(sweep->came);
	free(sweep);
}

/* The first block from that at @at on of which something is used. */
static bool next_block(const struct sweep *sweep, uint64_t at, uint64_t *block)
{
	uint64_t start, end;

	if (!map_next(sweep->map, at, &start, &end))
		return false;
	*block = start > at ? start - start % sweep->block : at;
	return true;
}

bool sweep_wants(const struct sweep *sweep, uint64_t offset)
{
	uint64_t start = offset - offset % sweep->block, block;

	return next_block(sweep, start, &block) && block == start;
}

void sweep_came(struct sweep *sweep, uint64_t offset, uint64_t length)
{
	for (uint64_t at = offset; at < offset + length; at += sweep->block) {
		uint64_t i = at / sweep->block;

		if (sweep->came[i / 8] >> (i % 8) & 1)
			continue;
		sweep->came[i / 8] |= (uint8_t)(1 << (i % 8));
		sweep->fetched += map_used_in(sweep->map, at, at + sweep->block);
	}
}

void sweep_trim(const struct sweep *sweep, struct fetch *fetch, uint32_t minimum)
{
	uint64_t at = fetch->offset, end = at + fetch->length, from, to;

	while (at < end && map_next(sweep->map, at, &from, &to) && from < end) {
		from -= from % minimum;
		from = from > at ? from : at;
		to = (to + minimum - 1) / minimum * minimum;
		to = to < end ? to : end;
		fetch_add_used(fetch, (uint32_t)(from - fetch->offset),
			       (uint32_t)(to - fetch->offset));
		at = to;
	}
	if (!fetch->trimmed)
		fetch_is_unused(fetch);
}

static void settle_behind(struct sweep *sweep, struct store *store, struct fetch *fetch)
{
	if (fetch->error) {
		sweep->stuck = true;
		return;
	}
	fetch_keep(fetch, store, true);
	if (fetch->kept || store_trouble(store) || !store_fits(store, fetch->length))
		fetch->served = fetch->length;
}

/* What came for somebody else, and the store did not take, or lost: it is offered again, or comes
 * again. Else it would stay in memory, and the store never had all. */
static void settle_left_over(struct store *store, struct fetch *fetch)
{
	if (!fetch->kept)
		fetch_keep(fetch, store, true);
	else if (store_is_done(store, fetch->kept_as) &&
		 !store_has_all(store, fetch->offset, fetch->length))
		fetch->served = fetch->length;
}

void sweep_settle(struct sweep *sweep, struct store *store, const struct fetches *fetches)
{
	for (struct fetch *fetch = fetches->first; fetch; fetch = fetch->next) {
		if (fetch->command != NBD_CMD_READ || fetch->state != FETCH_HERE)
			continue;
		if (fetch->background)
			settle_behind(sweep, store, fetch);
		else if (!sweep->given && !fetch->waiting && !fetch->error)
			settle_left_over(store, fetch);
	}
}

/* Whether the block at @block is in the store, or virt-v2v's copy has had it. */
static bool is_done(const struct sweep *sweep, const struct store *store, uint64_t block)
{
	return store_has(store, block) || (sweep->given && ahead_has_passed(sweep->given, block));
}

void sweep_look(struct sweep *sweep, const struct store *store)
{
	sweep->unfinished = false;
	if (sweep->losses != store_losses(store)) {
		sweep->losses = store_losses(store);
		sweep->at = sweep->passed;
		sweep->complete = false;
	}
	for (unsigned steps = 0; steps < STEPS && !sweep->complete; steps++) {
		uint64_t block;

		if (!next_block(sweep, sweep->at, &block)) {
			sweep->at = sweep->size;
			sweep->complete = !sweep->passed;
			return;
		}
		sweep->at = block;
		if (!is_done(sweep, store, block))
			return;
		sweep->at += sweep->block;
	}
	sweep->unfinished = !sweep->complete;
}

void sweep_pass(struct sweep *sweep, struct store *store, uint64_t position,
		const struct ahead *copy)
{
	if (!position) {
		/* It may copy again, from the beginning. */
		if (sweep->passed)
			sweep->at = sweep->passed = 0;
		sweep->given = NULL;
		return;
	}
	if (sweep->complete || position <= sweep->passed)
		return;
	sweep->passed = position - position % sweep->block;
	if (sweep->passed)
		sweep->given = copy;
	if (sweep->at < sweep->passed)
		sweep->at = sweep->passed;
	while (sweep->full && store_drop_before(store, sweep->passed))
		sweep->full = false;
}

bool sweep_next(struct sweep *sweep, const struct store *store, const struct fetches *fetches,
		uint64_t *offset)
{
	/* What was given up on its way is asked for again. While somebody else has asked for it, it
	 * is not looked for in all that lies behind it. */
	if (!fetches_in_background(fetches) && store_is_settled(store) &&
	    !fetches_find(fetches, sweep->at))
		sweep->ahead = sweep->at;
	if (sweep->ahead < sweep->at)
		sweep->ahead = sweep->at;
	if (sweep->full || sweep->complete || sweep->stuck)
		return false;
	for (unsigned steps = 0; steps < STEPS; steps++) {
		uint64_t block;

		if (!next_block(sweep, sweep->ahead, &block))
			return false;
		sweep->ahead = block;
		if (!is_done(sweep, store, block) && !fetches_find(fetches, block)) {
			sweep->full = !store_fits(store, fetches_due(fetches) + BUFFER_LENGTH);
			*offset = block;
			return !sweep->full;
		}
		sweep->ahead += sweep->block;
	}
	sweep->unfinished = true;
	return false;
}
