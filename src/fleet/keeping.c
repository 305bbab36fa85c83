// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a report and of a machine is written into the database. */
#include "fleet/keeping.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

static int put_run(struct database *database, const struct record *record)
{
	const struct document *last = &record->last;
	const struct database_run run = {
		.run = last->run,
		.mac = record->mac,
		.server = last->server,
		.guest = last->guest,
		.reason = record->reason,
		.started = record->started,
		.ended = record->ended,
		.result = record->result,
		.inventory = record->inventory,
		.bytes = record->bytes,
		.seconds = last->elapsed == DOCUMENT_UNKNOWN ? 0 : last->elapsed,
		.tries = last->try == DOCUMENT_UNKNOWN ? 1 : last->try,
		.mark = record->mark,
	};

	return last->run ? database_put_run(database, &run) : 0;
}

static int put_metrics(struct database *database, struct metrics *metrics)
{
	char name[32];
	uint64_t *counter;
	int r = 0;

	for (size_t i = 0; r == 0 && (counter = metrics_counter(metrics, i, name)); i++)
		r = database_put_counter(database, name, *counter);
	return r;
}

int keeping_put(struct database *database, struct metrics *metrics, struct record *record)
{
	int r;

	metrics->bytes += record->bytes - record->bytes_kept;
	record->bytes_kept = record->bytes;
	record->changed = false;
	r = database_put_record(database, record);
	if (r == 0)
		r = put_run(database, record);
	return r == 0 ? put_metrics(database, metrics) : r;
}

static int put_event(struct database *database, const char *mac, const struct document *document,
		     const struct document_change *change, int64_t time)
{
	const struct database_event event = {
		.time = time,
		.mac = mac,
		.run = document->run,
		.number = change->number,
		.state = change->state,
		.reason = change->reason,
	};
	bool added;

	return database_put_event(database, &event, &added);
}

/* Those that the machine could not keep until somebody heard them stand as one before the rest. */
static int put_lost(struct database *database, const char *mac, const struct document *document,
		    int64_t now)
{
	AUTO_FREE char *state = text_copy("lost");
	AUTO_FREE char *reason =
		text_format("%" PRIu64
			    " changes before the next were never told: p2vd keeps the last 100",
			    document->lost);
	struct document_change change = { .state = state, .reason = reason };

	if (!document->lost || !document->changes || document->change[0].number < 2)
		return 0;
	change.number = document->change[0].number - 1;
	return put_event(database, mac, document, &change, now);
}

int keeping_put_changes(struct database *database, const char *mac, const struct document *document,
			int64_t now)
{
	int r = put_lost(database, mac, document, now);

	for (size_t i = 0; r == 0 && i < document->changes; i++)
		r = put_event(database, mac, document, &document->change[i],
			      record_moment(document, &document->change[i], now));
	return r;
}

int keeping_put_late(struct database *database, const char *mac, const struct document *document,
		     int64_t now)
{
	const struct database_run run = {
		.run = document->run,
		.mac = mac,
		.server = document->server,
		.guest = document->guest,
		.reason = document->reason,
		.ended = now,
		.result = document->result,
		.inventory = document->inventory,
	};
	int r = keeping_put_changes(database, mac, document, now);

	return r < 0 || document->result == DOCUMENT_NO_RESULT ? r :
								 database_put_run(database, &run);
}

static void read_counter(void *user, const char *name, uint64_t value)
{
	struct metrics *metrics = user;
	char known[32];
	uint64_t *counter;

	for (size_t i = 0; (counter = metrics_counter(metrics, i, known)); i++)
		if (!strcmp(name, known))
			*counter = value;
}

void keeping_read_metrics(struct database *database, struct metrics *metrics)
{
	database_each_counter(database, read_counter, metrics);
}
