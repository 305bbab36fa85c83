// SPDX-License-Identifier: GPL-2.0-or-later
/* The fleet: reports come in, are kept, and lead to marks in the tree. */
#include "fleet/fleet.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/moment.h"
#include "base/secret.h"
#include "base/text.h"
#include "fleet/batch.h"
#include "fleet/keeping.h"
#include "fleet/marking.h"

#include <string.h>

#define SECOND 1000000ULL       /* of sd-event */
#define FLUSH (10 * SECOND)     /* how often progress is kept */
#define AGAIN (60 * SECOND)     /* between tries to have a mark written */
#define PROGRESS_LEAST 1000     /* ms between two that are looked at of one machine */
#define UNLISTED_MOST 4096      /* machines without an entry, as p2v-pxe's limit */
#define PRUNE_EVERY 1000        /* changes of one run */

struct fleet {
	struct entries *entries;
	struct batch *batch;
	struct database *database;
	struct marking *marking;
	struct record **record; /* by their MAC address */
	size_t records, unlisted;
	struct metrics metrics;
	bool loaded; /* what is kept is known */
	sd_event_source *flush, *again;
};

/* ---- records ----------------------------------------------------------------------------- */

static size_t place_of(const struct fleet *fleet, const char *mac)
{
	size_t low = 0, high = fleet->records;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(fleet->record[middle]->mac, mac) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct record *find(const struct fleet *fleet, const char *mac)
{
	size_t place = place_of(fleet, mac);

	return place < fleet->records && !strcmp(fleet->record[place]->mac, mac) ?
		       fleet->record[place] :
		       NULL;
}

static struct record *need(struct fleet *fleet, const char *mac)
{
	size_t place = place_of(fleet, mac);
	struct record *record = find(fleet, mac);

	if (record)
		return record;
	record = memory_zero(1, sizeof(*record));
	record_init(record, mac);
	APPEND(fleet->record, fleet->records, record);
	memmove(fleet->record + place + 1, fleet->record + place,
		(fleet->records - place - 1) * sizeof(*fleet->record));
	fleet->record[place] = record;
	if (!entries_find(fleet->entries, mac))
		fleet->unlisted++;
	return record;
}

/* A moment that was read by another clock than ours, by the steady one. */
static int64_t steady_of(int64_t moment)
{
	int64_t ago = moment_now() - moment;

	/* A clock that was set back tells nothing. */
	return moment_steady() - (ago > 0 ? ago : 0);
}

static void load_record(void *user, struct record *kept)
{
	struct fleet *fleet = user;
	struct record *record = need(fleet, kept->mac);

	record_clear(record);
	*record = *kept;
	/* Who was silent before the restart is still silent. */
	record->heard = steady_of(record->seen);
	record->switched = steady_of(record->powered);
	*kept = (struct record){ 0 };
}

/* What is kept is read as soon as it can be: else what is known since would overwrite it. */
static void load(struct fleet *fleet)
{
	database_each_record(fleet->database, load_record, fleet);
	keeping_read_metrics(fleet->database, &fleet->metrics);
	batch_keep(fleet->batch);
	fleet->loaded = true;
}

/* As batch_begin(). */
static int begin(struct fleet *fleet, struct record *record)
{
	if (!fleet->loaded && database_begin(fleet->database) == 0)
		load(fleet);
	return batch_begin(fleet->batch, record);
}

/* ---- keeping ----------------------------------------------------------------------------- */

/* Writes all of a record, within the transaction of the batch. */
static int put(struct fleet *fleet, struct record *record)
{
	return keeping_put(fleet->database, &fleet->metrics, record);
}

/* ---- marks in the tree ------------------------------------------------------------------- */

struct mark_call {
	struct fleet *fleet;
	char mac[ENTRY_MAC_SIZE];
	char *run;
};

static void keep(struct fleet *fleet, struct record *record, fleet_kept_t kept, void *user)
{
	batch_done(fleet->batch, put(fleet, record), kept, user);
}

static void on_marked(void *user, int code)
{
	struct mark_call *call = user;
	struct fleet *fleet = call->fleet;
	struct record *record = find(fleet, call->mac);

	if (record)
		record->marking = false;
	if (record && code != MARKING_TROUBLE && record->last.run &&
	    !strcmp(record->last.run, call->run)) {
		begin(fleet, record);
		record->mark = code == MARKING_OK ? MARK_WRITTEN : MARK_REFUSED;
		keep(fleet, record, NULL, NULL);
	}
	entries_look(fleet->entries, true);
	free(call->run);
	free(call);
}

static void want_mark(struct fleet *fleet, struct record *record)
{
	struct mark_call *call;

	if (record->mark != MARK_WANTED || record->marking || !record->last.run)
		return;
	record->marking = true;
	call = memory_zero(1, sizeof(*call));
	call->fleet = fleet;
	memcpy(call->mac, record->mac, sizeof(call->mac));
	call->run = text_copy(record->last.run);
	marking_add(fleet->marking, record->result == 0 ? "done" : "failed", record->mac, on_marked,
		    call);
}

/* What is kept now may be acted on. */
static void on_committed(void *user, struct record *record)
{
	want_mark(user, record);
}

static int on_again(sd_event_source *source, uint64_t now, void *user)
{
	struct fleet *fleet = user;

	(void)now;
	for (size_t i = 0; i < fleet->records; i++)
		want_mark(fleet, fleet->record[i]);
	sd_event_source_set_time_relative(source, AGAIN);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

/* ---- reports ----------------------------------------------------------------------------- */

enum fleet_right fleet_right(struct fleet *fleet, const char *mac, const char *token)
{
	const struct record *record = find(fleet, mac);
	const struct entry *entry;

	entries_look(fleet->entries, false);
	entry = entries_find(fleet->entries, mac);
	/* The entry may lose its token when it is done, and that of this run goes on. */
	if (token && record && record->token && entry_token_is(record->token, token))
		return FLEET_MAY;
	if (!entry) {
		entry = entries_find(fleet->entries, ENTRY_DEFAULT);
		if (!entry || entry->state != ENTRY_CONVERT ||
		    (!record && fleet->unlisted >= UNLISTED_MOST))
			return FLEET_NO_MACHINE;
	}
	return token && entry->token && entry_token_is(entry->token, token) ? FLEET_MAY :
									      FLEET_MAY_NOT;
}

/* Decides what becomes of the machine's entry after this report. @before: its result before. */
static void judge_end(struct fleet *fleet, struct record *record, int before, bool test)
{
	if (record->result == DOCUMENT_NO_RESULT || record->result == before || record->inventory ||
	    test)
		return;
	if (record->result == 0) {
		uint64_t seconds = record->last.elapsed;

		if (seconds == DOCUMENT_UNKNOWN)
			seconds = (uint64_t)(record->ended - record->started) / 1000;
		metrics_add(&fleet->metrics, record->bytes, seconds);
		record->mark = MARK_WANTED;
	} else if (record->mark == MARK_NOTHING) {
		record->mark = MARK_WANTED;
	}
}

static int take(struct fleet *fleet, struct record *record, struct document *document)
{
	bool other = record_is_other_run(record, document), test = document->test;
	int64_t now = moment_now();
	int before = other ? DOCUMENT_NO_RESULT : record->result;
	int known = other ? database_has_run(fleet->database, record->mac, document->run) : 0;
	uint64_t numbers = record->numbers;
	int r;

	if (known < 0)
		return known;
	if (known == DATABASE_OTHERS_RUN) {
		log_warning("a report of %s is not taken: its run '%s' is another machine's",
			    record->mac, document->run);
		return 0;
	}
	if (known)
		return keeping_put_late(fleet->database, record->mac, document, now);
	r = keeping_put_changes(fleet->database, record->mac, document, now);
	if (r < 0)
		return r;
	record_take(record, document, now, moment_steady());
	judge_end(fleet, record, before, test);
	r = put(fleet, record);
	if (r == 0 && (other || numbers / PRUNE_EVERY != record->numbers / PRUNE_EVERY))
		r = database_prune(fleet->database, record->mac);
	return r;
}

void fleet_report(struct fleet *fleet, const char *mac, const char *token,
		  struct document *document, fleet_kept_t kept, void *user)
{
	struct record *record = need(fleet, mac);
	int64_t steady = moment_steady();

	if (!record_is_news(record, document)) {
		/* Progress may be lost, and need not be looked at too often. */
		if (document->sequence > record->last.sequence &&
		    steady - record->heard >= PROGRESS_LEAST) {
			record_take(record, document, moment_now(), steady);
		}
		document_clear(document);
		kept(user, true);
		return;
	}
	if (begin(fleet, record) < 0) {
		batch_done(fleet->batch, -EIO, kept, user);
		document_clear(document);
		return;
	}
	if (!record->token || strcmp(record->token, token) != 0) {
		secret_free(record->token);
		record->token = text_copy(token);
	}
	batch_done(fleet->batch, take(fleet, record, document), kept, user);
	document_clear(document);
}

static int on_flush(sd_event_source *source, uint64_t now, void *user)
{
	struct fleet *fleet = user;

	(void)now;
	for (size_t i = 0; i < fleet->records; i++) {
		struct record *record = fleet->record[i];

		if (!record->changed || begin(fleet, record) < 0)
			continue;
		keep(fleet, record, NULL, NULL);
	}
	sd_event_source_set_time_relative(source, FLUSH);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

/* ---- other words ------------------------------------------------------------------------- */

struct done_call {
	struct fleet *fleet;
	char mac[ENTRY_MAC_SIZE];
	void (*ended)(void *user, int code);
	void *user;
};

static void on_done(void *user, int code)
{
	struct done_call *call = user;
	struct fleet *fleet = call->fleet;

	entries_look(fleet->entries, true);
	if (code == MARKING_OK) {
		struct record *record = need(fleet, call->mac);

		if (begin(fleet, record) == 0) {
			record->told_done = moment_now();
			keep(fleet, record, NULL, NULL);
		}
	}
	call->ended(call->user, code);
	free(call);
}

void fleet_done(struct fleet *fleet, const char *mac, void (*ended)(void *user, int code),
		void *user)
{
	struct done_call *call = memory_zero(1, sizeof(*call));

	*call = (struct done_call){ .fleet = fleet, .ended = ended, .user = user };
	memcpy(call->mac, mac, strnlen(mac, sizeof(call->mac) - 1));
	marking_add(fleet->marking, "done", mac, on_done, call);
}

bool fleet_tell(struct fleet *fleet, const char *mac, const struct fleet_word *word,
		fleet_kept_t kept, void *user)
{
	struct record *record = find(fleet, mac);

	entries_look(fleet->entries, false);
	if (!record && !entries_find(fleet->entries, mac))
		return false;
	record = need(fleet, mac);
	if (begin(fleet, record) < 0) {
		batch_done(fleet->batch, -EIO, kept, user);
		return true;
	}
	if (word->has_power) {
		record->power = word->power;
		record->power_seen = moment_now();
	}
	if (word->has_powered) {
		record->powered = word->powered;
		record->switched = steady_of(word->powered);
	}
	if (word->has_error) {
		free(record->power_error);
		record->power_error = text_copy(word->error);
	}
	if (word->has_skipped)
		record->skipped = word->skipped;
	keep(fleet, record, kept, user);
	return true;
}

/* ---- looking ----------------------------------------------------------------------------- */

struct database *fleet_database(struct fleet *fleet)
{
	return fleet->database;
}

const struct metrics *fleet_metrics(const struct fleet *fleet)
{
	return batch_metrics(fleet->batch);
}

struct fleet_view *fleet_views(struct fleet *fleet, size_t *count)
{
	static const struct record nobody = { .result = DOCUMENT_NO_RESULT,
					      .last = { .result = DOCUMENT_NO_RESULT },
					      .found_hours = -1 };
	int64_t steady = moment_steady();
	size_t i = 0, j = 0, entries;
	struct fleet_view *views;

	entries_look(fleet->entries, false);
	entries = entries_count(fleet->entries);
	views = memory_zero(fleet->records + entries + 1, sizeof(*views));
	*count = 0;
	/* Both lists are sorted. */
	while (i < fleet->records || j < entries) {
		struct fleet_view *view = &views[*count];
		int order = i == fleet->records ? 1 :
			    j == entries        ? -1 :
						  strcmp(fleet->record[i]->mac,
							 entries_at(fleet->entries, j)->mac);

		view->record = order <= 0 ? fleet->record[i++] : &nobody;
		view->entry = order >= 0 ? entries_at(fleet->entries, j++) : NULL;
		view->mac = view->entry ? view->entry->mac : view->record->mac;
		if (!strcmp(view->mac, ENTRY_DEFAULT) ||
		    (!record_is_known(view->record) &&
		     (!view->entry || view->entry->state == ENTRY_LOCAL)))
			continue;
		view->group = record_group(view->record, view->entry, steady);
		(*count)++;
	}
	return views;
}

/* ---- life time --------------------------------------------------------------------------- */

int fleet_new(sd_event *event, const char *tree, const char *program, const char *database,
	      struct fleet **fleet, char **reason)
{
	struct fleet *new;
	struct database *kept;
	int r = database_open(database, &kept, reason);

	*fleet = NULL;
	if (r < 0)
		return r;
	new = memory_zero(1, sizeof(*new));
	new->database = kept;
	new->entries = entries_new(tree);
	entries_look(new->entries, true);
	new->batch = batch_new(event, kept, &new->metrics, on_committed, new);
	new->marking = marking_new(event, program, tree);
	if (database_is_ready(kept))
		load(new);
	if (sd_event_add_time_relative(event, &new->flush, CLOCK_BOOTTIME, FLUSH, 0, on_flush,
				       new) < 0 ||
	    sd_event_add_time_relative(event, &new->again, CLOCK_BOOTTIME, 0, 0, on_again, new) < 0)
		abort(); /* no memory */
	*fleet = new;
	return 0;
}

void fleet_free(struct fleet *fleet)
{
	if (!fleet)
		return;
	marking_free(fleet->marking);
	on_flush(fleet->flush, 0, fleet);
	batch_free(fleet->batch);
	sd_event_source_disable_unref(fleet->flush);
	sd_event_source_disable_unref(fleet->again);
	database_close(fleet->database);
	entries_free(fleet->entries);
	for (size_t i = 0; i < fleet->records; i++) {
		record_clear(fleet->record[i]);
		free(fleet->record[i]);
	}
	free(fleet->record);
	free(fleet);
}
