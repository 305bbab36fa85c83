// SPDX-License-Identifier: GPL-2.0-or-later
/* The rows of the database: written and read, by prepared statements. */
#include "fleet/database_rows.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/moment.h"
#include "base/text.h"
#include "fleet/database.h"

#include <string.h>

enum statement {
	PUT_RECORD,
	PUT_RUN,
	PUT_EVENT,
	PUT_MARK,
	PUT_COUNTER,
	PRUNE_RUNS,
	PRUNE_EVENTS,
	HAS_RUN,
	EACH_RECORD,
	EACH_COUNTER,
	EACH_RUN,
	EACH_RUN_OF,
	EACH_EVENT,
	EACH_EVENT_OF,
};

#define RECORD_COLUMNS                                                                      \
	"mac, run, sequence, numbers, state, reason, since, seen, started, ended, result,"  \
	" inventory, bytes, bytes_kept, disks_read, mark, data, found, told_done, skipped," \
	" power, power_seen, powered, power_error"
#define RUN_COLUMNS                                                                           \
	"run, mac, server, guest, reason, started, ended, result, inventory, bytes, seconds," \
	" tries, mark"
#define EVENT_COLUMNS "id, time, mac, run, number, state, reason"

static const char *const texts[ROWS_STATEMENTS] = {
	[PUT_RECORD] = "INSERT OR REPLACE INTO machines (" RECORD_COLUMNS ") VALUES"
		       " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	/* What is known of a run is not forgotten by a report that comes late. */
	[PUT_RUN] = "INSERT INTO runs (" RUN_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
		    " ON CONFLICT (run) DO UPDATE SET server = coalesce(excluded.server, server),"
		    " guest = coalesce(excluded.guest, guest), reason = excluded.reason,"
		    " ended = excluded.ended, result = excluded.result,"
		    " inventory = excluded.inventory, bytes = max(bytes, excluded.bytes),"
		    " seconds = max(seconds, excluded.seconds), tries = max(tries, excluded.tries),"
		    " mark = max(mark, excluded.mark)",
	[PUT_EVENT] = "INSERT OR IGNORE INTO events (time, mac, run, number, state, reason)"
		      " VALUES (?,?,?,?,?,?)",
	[PUT_MARK] = "UPDATE runs SET mark = ? WHERE run = ?",
	[PUT_COUNTER] = "INSERT OR REPLACE INTO counters (name, value) VALUES (?,?)",
	[PRUNE_RUNS] = "DELETE FROM runs WHERE mac = ? AND rowid NOT IN (SELECT rowid FROM runs"
		       " WHERE mac = ? ORDER BY started DESC, rowid DESC LIMIT 200)",
	[PRUNE_EVENTS] = "DELETE FROM events WHERE mac = ? AND id <= (SELECT id FROM events"
			 " WHERE mac = ? ORDER BY id DESC LIMIT 1 OFFSET 5000)",
	[HAS_RUN] = "SELECT mac = ? FROM runs WHERE run = ?",
	[EACH_RECORD] = "SELECT " RECORD_COLUMNS " FROM machines",
	[EACH_COUNTER] = "SELECT name, value FROM counters",
	[EACH_RUN] = "SELECT " RUN_COLUMNS " FROM runs ORDER BY mac, started DESC, rowid DESC",
	[EACH_RUN_OF] = "SELECT " RUN_COLUMNS
			" FROM runs WHERE mac = ? ORDER BY started DESC, rowid DESC LIMIT 100",
	[EACH_EVENT] = "SELECT " EVENT_COLUMNS " FROM events WHERE id > ? ORDER BY id LIMIT ?",
	[EACH_EVENT_OF] = "SELECT " EVENT_COLUMNS " FROM (SELECT * FROM events WHERE mac = ?"
			  " ORDER BY id DESC LIMIT ?) ORDER BY id",
};

/* The statement, made the first time; NULL: it cannot be. */
static sqlite3_stmt *prepared(struct database *database, enum statement which)
{
	sqlite3_stmt **statement = &database->statement[which];

	if (!database->ready)
		return NULL;
	if (!*statement &&
	    sqlite3_prepare_v3(database->sqlite, texts[which], -1, SQLITE_PREPARE_PERSISTENT,
			       statement, NULL) != SQLITE_OK)
		database_failed(database);
	return *statement;
}

/* ---- values: each binds the next parameter --------------------------------------------- */

struct binding {
	sqlite3_stmt *statement;
	int index;
};

static void bind_text(struct binding *binding, const char *text)
{
	sqlite3_bind_text(binding->statement, ++binding->index, text, -1, SQLITE_STATIC);
}

static void bind_number(struct binding *binding, int64_t number)
{
	sqlite3_bind_int64(binding->statement, ++binding->index, number);
}

/* What is not known becomes NULL. */
static void bind_known(struct binding *binding, uint64_t number)
{
	if (number > INT64_MAX)
		sqlite3_bind_null(binding->statement, ++binding->index);
	else
		bind_number(binding, (int64_t)number);
}

static void bind_result(struct binding *binding, int result)
{
	bind_known(binding, result == DOCUMENT_NO_RESULT ? DOCUMENT_UNKNOWN : (uint64_t)result);
}

/* Runs a statement that answers nothing, and makes it ready for the next time. */
static int finish(struct database *database, struct binding *binding)
{
	int r = sqlite3_step(binding->statement);

	r = r == SQLITE_DONE ? 0 : database_failed(database);
	sqlite3_reset(binding->statement);
	sqlite3_clear_bindings(binding->statement);
	return r;
}

/* ---- writing ----------------------------------------------------------------------------- */

static char *json_or_null(sd_json_variant *value)
{
	char *text = NULL;

	return value && sd_json_variant_format(value, 0, &text) >= 0 ? text : NULL;
}

int database_put_record(struct database *database, const struct record *record)
{
	struct binding binding = { prepared(database, PUT_RECORD), 0 };
	AUTO_FREE char *data = json_or_null(record->last.data);
	AUTO_FREE char *found = json_or_null(record->found);

	if (!binding.statement)
		return -EIO;
	bind_text(&binding, record->mac);
	bind_text(&binding, record->last.run);
	bind_known(&binding, record->last.sequence);
	bind_known(&binding, record->numbers);
	bind_text(&binding, record->state);
	bind_text(&binding, record->reason);
	bind_number(&binding, record->since);
	bind_number(&binding, record->seen);
	bind_number(&binding, record->started);
	bind_number(&binding, record->ended);
	bind_result(&binding, record->result);
	bind_number(&binding, record->inventory);
	bind_known(&binding, record->bytes);
	bind_known(&binding, record->bytes_kept);
	bind_known(&binding, record->disks_read);
	bind_number(&binding, record->mark);
	bind_text(&binding, data);
	bind_text(&binding, found);
	bind_number(&binding, record->told_done);
	bind_number(&binding, record->skipped);
	bind_number(&binding, record->power);
	bind_number(&binding, record->power_seen);
	bind_number(&binding, record->powered);
	bind_text(&binding, record->power_error);
	return finish(database, &binding);
}

int database_put_run(struct database *database, const struct database_run *run)
{
	struct binding binding = { prepared(database, PUT_RUN), 0 };

	if (!binding.statement)
		return -EIO;
	bind_text(&binding, run->run);
	bind_text(&binding, run->mac);
	bind_text(&binding, run->server);
	bind_text(&binding, run->guest);
	bind_text(&binding, run->reason);
	bind_number(&binding, run->started);
	bind_number(&binding, run->ended);
	bind_result(&binding, run->result);
	bind_number(&binding, run->inventory);
	bind_known(&binding, run->bytes);
	bind_known(&binding, run->seconds);
	bind_known(&binding, run->tries);
	bind_number(&binding, run->mark);
	return finish(database, &binding);
}

int database_put_event(struct database *database, const struct database_event *event, bool *added)
{
	struct binding binding = { prepared(database, PUT_EVENT), 0 };
	int r;

	*added = false;
	if (!binding.statement)
		return -EIO;
	bind_number(&binding, event->time);
	bind_text(&binding, event->mac);
	bind_text(&binding, event->run);
	bind_known(&binding, event->number);
	bind_text(&binding, event->state);
	bind_text(&binding, event->reason);
	r = finish(database, &binding);
	*added = r == 0 && sqlite3_changes(database->sqlite) > 0;
	return r;
}

int database_put_mark(struct database *database, const char *run, enum mark mark)
{
	struct binding binding = { prepared(database, PUT_MARK), 0 };

	if (!binding.statement)
		return -EIO;
	bind_number(&binding, mark);
	bind_text(&binding, run);
	return finish(database, &binding);
}

int database_put_counter(struct database *database, const char *name, uint64_t value)
{
	struct binding binding = { prepared(database, PUT_COUNTER), 0 };

	if (!binding.statement)
		return -EIO;
	bind_text(&binding, name);
	bind_known(&binding, value);
	return finish(database, &binding);
}

int database_prune(struct database *database, const char *mac)
{
	static const enum statement both[] = { PRUNE_RUNS, PRUNE_EVENTS };

	for (size_t i = 0; i < sizeof(both) / sizeof(*both); i++) {
		struct binding binding = { prepared(database, both[i]), 0 };

		if (!binding.statement)
			return -EIO;
		bind_text(&binding, mac);
		bind_text(&binding, mac);
		if (finish(database, &binding) < 0)
			return -EIO;
	}
	return 0;
}

/* ---- reading -------------------------------------------------------------------------------- */

int database_has_run(struct database *database, const char *mac, const char *run)
{
	struct binding binding = { prepared(database, HAS_RUN), 0 };
	int r;

	if (!binding.statement)
		return -EIO;
	bind_text(&binding, mac);
	bind_text(&binding, run);
	r = sqlite3_step(binding.statement);
	r = r == SQLITE_ROW  ? sqlite3_column_int(binding.statement, 0) ? DATABASE_OWN_RUN :
									  DATABASE_OTHERS_RUN :
	    r == SQLITE_DONE ? 0 :
			       database_failed(database);
	sqlite3_reset(binding.statement);
	return r;
}

struct reading {
	sqlite3_stmt *statement;
	int index;
};

static const char *next_text(struct reading *reading)
{
	return (const char *)sqlite3_column_text(reading->statement, reading->index++);
}

static int64_t next_number(struct reading *reading)
{
	return sqlite3_column_int64(reading->statement, reading->index++);
}

static int next_result(struct reading *reading)
{
	int type = sqlite3_column_type(reading->statement, reading->index);
	int64_t result = next_number(reading);

	return type == SQLITE_NULL ? DOCUMENT_NO_RESULT : (int)result;
}

static sd_json_variant *next_json(struct reading *reading)
{
	const char *text = next_text(reading);
	sd_json_variant *value = NULL;

	return text && sd_json_parse(text, 0, &value, NULL, NULL) >= 0 ? value : NULL;
}

/* What there is of the newest inventory; the disks are those of this run if it is one. */
static void read_found(struct record *record)
{
	struct document document = { .hours = -1 };

	if (!record->found)
		return;
	document_take_found(&document, record->found);
	record->warnings = steal(document.warnings);
	record->found_hours = document.hours;
	document_clear(&document);
	if (record->inventory && record->last.run)
		document_take_found(&record->last, record->found);
}

static void read_record(struct reading *reading, struct record *record)
{
	AUTO_FREE char *reason = NULL;
	sd_json_variant *data;
	const char *mac = next_text(reading);

	record_init(record, mac ?: "");
	reading->index += 2; /* run and sequence are in the data, too */
	record->numbers = (uint64_t)next_number(reading);
	record->state = text_copy(next_text(reading));
	record->reason = text_copy(next_text(reading));
	record->since = next_number(reading);
	record->seen = next_number(reading);
	record->started = next_number(reading);
	record->ended = next_number(reading);
	record->result = next_result(reading);
	record->inventory = next_number(reading);
	record->bytes = (uint64_t)next_number(reading);
	record->bytes_kept = (uint64_t)next_number(reading);
	record->disks_read = (uint64_t)next_number(reading);
	record->mark = (enum mark)next_number(reading);
	data = next_json(reading);
	if (data && document_of_data(data, &record->last, &reason) < 0)
		document_clear(&record->last);
	sd_json_variant_unref(data);
	record->found = next_json(reading);
	record->told_done = next_number(reading);
	record->skipped = next_number(reading);
	record->power = (enum power)next_number(reading);
	record->power_seen = next_number(reading);
	record->powered = next_number(reading);
	record->power_error = text_copy(next_text(reading));
	read_found(record);
}

void database_each_record(struct database *database,
			  void (*take)(void *user, struct record *record), void *user)
{
	sqlite3_stmt *statement = prepared(database, EACH_RECORD);

	while (statement && sqlite3_step(statement) == SQLITE_ROW) {
		struct reading reading = { statement, 0 };
		struct record record;

		read_record(&reading, &record);
		take(user, &record);
		record_clear(&record);
	}
	sqlite3_reset(statement);
}

void database_each_counter(struct database *database,
			   void (*take)(void *user, const char *name, uint64_t value), void *user)
{
	sqlite3_stmt *statement = prepared(database, EACH_COUNTER);

	while (statement && sqlite3_step(statement) == SQLITE_ROW) {
		struct reading reading = { statement, 0 };
		const char *name = next_text(&reading);

		take(user, name ?: "", (uint64_t)next_number(&reading));
	}
	sqlite3_reset(statement);
}

void database_each_run(struct database *database, const char *mac,
		       void (*take)(void *user, const struct database_run *run), void *user)
{
	struct binding binding = { prepared(database, mac ? EACH_RUN_OF : EACH_RUN), 0 };

	if (!binding.statement)
		return;
	if (mac)
		bind_text(&binding, mac);
	while (sqlite3_step(binding.statement) == SQLITE_ROW) {
		struct reading r = { binding.statement, 0 };
		struct database_run run = { 0 };

		run.run = next_text(&r);
		run.mac = next_text(&r);
		run.server = next_text(&r);
		run.guest = next_text(&r);
		run.reason = next_text(&r);
		run.started = next_number(&r);
		run.ended = next_number(&r);
		run.result = next_result(&r);
		run.inventory = next_number(&r);
		run.bytes = (uint64_t)next_number(&r);
		run.seconds = (uint64_t)next_number(&r);
		run.tries = (uint64_t)next_number(&r);
		run.mark = (enum mark)next_number(&r);
		take(user, &run);
	}
	sqlite3_reset(binding.statement);
	sqlite3_clear_bindings(binding.statement);
}

void database_each_event(struct database *database, const char *mac, int64_t after, unsigned most,
			 void (*take)(void *user, const struct database_event *event), void *user)
{
	struct binding binding = { prepared(database, mac ? EACH_EVENT_OF : EACH_EVENT), 0 };

	if (!binding.statement)
		return;
	if (mac)
		bind_text(&binding, mac);
	else
		bind_number(&binding, after);
	bind_number(&binding, most);
	while (sqlite3_step(binding.statement) == SQLITE_ROW) {
		struct reading r = { binding.statement, 0 };
		struct database_event event = { 0 };

		event.id = next_number(&r);
		event.time = next_number(&r);
		event.mac = next_text(&r);
		event.run = next_text(&r);
		event.number = (uint64_t)next_number(&r);
		event.state = next_text(&r);
		event.reason = next_text(&r);
		take(user, &event);
	}
	sqlite3_reset(binding.statement);
	sqlite3_clear_bindings(binding.statement);
}
