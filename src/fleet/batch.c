// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes that are kept together. */
#include "fleet/batch.h"

#include "base/log.h"
#include "base/memory.h"
#include <errno.h>
#include <stdlib.h>

struct before {
	struct record *record;
	struct record old;
};

struct waiting {
	void (*kept)(void *user, bool kept);
	void *user;
};

struct batch {
	struct database *database;
	struct metrics *metrics, kept;
	void (*committed)(void *user, struct record *record);
	void *user;
	struct before *before;
	size_t records;
	struct waiting *waiting;
	size_t waiters;
	bool failed; /* this batch */
	bool told;   /* that nothing can be kept */
	sd_event_source *end;
};

static void say(struct batch *batch, bool kept)
{
	if (kept && batch->told)
		log_notice("the database can be written again");
	if (!kept && !batch->told)
		log_error("cannot write the database: %s; until it can be written, changes of state are refused with 503, and machines tell them again",
			  database_failure(batch->database));
	batch->told = !kept;
}

/* In reverse, as one record may have been changed more than once. */
static void take_back(struct batch *batch)
{
	database_roll_back(batch->database);
	*batch->metrics = batch->kept;
	for (size_t i = batch->records; i-- > 0;) {
		struct before *before = &batch->before[i];
		bool marking = before->record->marking;

		record_clear(before->record);
		*before->record = before->old;
		before->record->marking = marking;
	}
}

static void commit(struct batch *batch)
{
	for (size_t i = 0; i < batch->records; i++)
		record_clear(&batch->before[i].old);
	batch->kept = *batch->metrics;
	for (size_t i = 0; i < batch->records; i++)
		batch->committed(batch->user, batch->before[i].record);
}

static void end(struct batch *batch)
{
	struct waiting *waiting = batch->waiting;
	size_t waiters = batch->waiters;
	bool kept = !batch->failed && database_commit(batch->database) == 0;

	say(batch, kept);
	if (kept)
		commit(batch);
	else
		take_back(batch);
	batch->records = batch->waiters = 0;
	batch->waiting = NULL;
	batch->failed = false;
	for (size_t i = 0; i < waiters; i++)
		if (waiting[i].kept)
			waiting[i].kept(waiting[i].user, kept);
	free(waiting);
}

static int on_end(sd_event_source *source, void *user)
{
	(void)source;
	end(user);
	return 0;
}

int batch_begin(struct batch *batch, struct record *record)
{
	struct before before = { .record = record };

	if (!batch->records && !batch->failed && database_begin(batch->database) < 0)
		batch->failed = true;
	sd_event_source_set_enabled(batch->end, SD_EVENT_ONESHOT);
	if (batch->failed)
		return -EIO;
	record_copy(&before.old, record);
	APPEND(batch->before, batch->records, before);
	return 0;
}

void batch_done(struct batch *batch, int result, void (*kept)(void *user, bool kept), void *user)
{
	struct waiting waiting = { kept, user };

	if (result < 0)
		batch->failed = true;
	if (kept)
		APPEND(batch->waiting, batch->waiters, waiting);
}

void batch_keep(struct batch *batch)
{
	batch->kept = *batch->metrics;
}

const struct metrics *batch_metrics(const struct batch *batch)
{
	return &batch->kept;
}

struct batch *batch_new(sd_event *event, struct database *database, struct metrics *metrics,
			void (*committed)(void *user, struct record *record), void *user)
{
	struct batch *batch = memory_zero(1, sizeof(*batch));

	batch->database = database;
	batch->metrics = metrics;
	batch->kept = *metrics;
	batch->committed = committed;
	batch->user = user;
	/* Not at a lower priority: while reports keep coming it would never have its turn. */
	if (sd_event_add_defer(event, &batch->end, on_end, batch) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(batch->end, SD_EVENT_OFF);
	return batch;
}

void batch_free(struct batch *batch)
{
	if (!batch)
		return;
	if (batch->records || batch->waiters)
		end(batch);
	sd_event_source_disable_unref(batch->end);
	free(batch->before);
	free(batch);
}
