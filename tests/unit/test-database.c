// SPDX-License-Identifier: GPL-2.0-or-later
/* fleet/database: what is kept is there after it was closed; what failed was not kept. */
#include "fleet/database.h"

#include "base/cleanup.h"
#include "reports.h"
#include "tree.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>

#include <cmocka.h>

#define MAC "52-54-00-12-34-01"

static struct database *open_in(const char *root)
{
	char *path = tree_path(root, "fleet.sqlite"), *reason = NULL;
	struct database *database;

	if (database_open(path, &database, &reason) < 0)
		errx(1, "%s", reason);
	free(path);
	return database;
}

/* Why it cannot be opened; the caller frees. */
static char *open_fails(const char *root)
{
	char *path = tree_path(root, "fleet.sqlite"), *reason = NULL;
	struct database *database;

	assert_true(database_open(path, &database, &reason) < 0);
	assert_null(database);
	free(path);
	return reason;
}

static void make(struct record *record)
{
	struct document document =
		report("r1", 2, "\"state\":\"network\",\"disks\":[{\"size\":9,\"read\":4}]",
		       "{\"number\":1,\"state\":\"network\",\"reason\":\"because\"}",
		       ",\"inventory\":{\"warnings\":[\"w\"],\"hours\":2.5}");

	record_init(record, MAC);
	record_take(record, &document, 5000, 0);
	document_clear(&document);
	record->power = POWER_OFF;
	record->power_error = text_copy("401");
	record->mark = MARK_WANTED;
	record->skipped = true;
}

static void check(void *user, struct record *record)
{
	unsigned *count = user;

	(*count)++;
	assert_string_equal(record->mac, MAC);
	assert_string_equal(record->last.run, "r1");
	assert_int_equal(record->last.sequence, 2);
	assert_int_equal(record->last.disk[0].read, 4);
	assert_int_equal(record->numbers, 1);
	assert_string_equal(record->state, "network");
	assert_string_equal(record->reason, "because");
	assert_int_equal(record->result, DOCUMENT_NO_RESULT);
	assert_int_equal(record->seen, 5000);
	assert_int_equal(record->bytes, 4);
	assert_int_equal(record->mark, MARK_WANTED);
	assert_int_equal(record->power, POWER_OFF);
	assert_string_equal(record->power_error, "401");
	assert_string_equal(record->warnings[0], "w");
	assert_true(record->found_hours == 2.5);
	assert_true(record->skipped);
}

static void test_record(void **state)
{
	char *root = tree_new();
	struct database *database = open_in(root);
	struct record record;
	unsigned count = 0;

	(void)state;
	make(&record);
	assert_int_equal(database_begin(database), 0);
	assert_int_equal(database_put_record(database, &record), 0);
	assert_int_equal(database_put_record(database, &record), 0); /* again: in its place */
	assert_int_equal(database_commit(database), 0);
	database_close(database);
	database = open_in(root);
	database_each_record(database, check, &count);
	assert_int_equal(count, 1);
	database_close(database);
	record_clear(&record);
	tree_remove(root);
}

struct seen {
	unsigned count;
	int64_t first, last;
	char *states;
};

static void note_event(void *user, const struct database_event *event)
{
	struct seen *seen = user;
	char *states = text_format("%s%s ", seen->states ?: "", event->state);

	free(seen->states);
	seen->states = states;
	seen->first = seen->count ? seen->first : event->id;
	seen->last = event->id;
	seen->count++;
}

static void put_event(struct database *database, const char *run, uint64_t number, const char *name,
		      bool is_new)
{
	const struct database_event event = {
		.time = 1, .mac = MAC, .run = run, .number = number, .state = name
	};
	bool added = false;

	assert_int_equal(database_put_event(database, &event, &added), 0);
	assert_int_equal(added, is_new);
}

static void test_events(void **state)
{
	char *root = tree_new();
	struct database *database = open_in(root);
	struct seen all = { 0 }, last = { 0 }, after = { 0 };

	(void)state;
	database_begin(database);
	put_event(database, "r1", 1, "a", true);
	put_event(database, "r1", 2, "b", true);
	put_event(database, "r1", 1, "again", false);
	put_event(database, "r2", 1, "c", true);
	assert_int_equal(database_commit(database), 0);
	database_each_event(database, NULL, 0, 100, note_event, &all);
	assert_string_equal(all.states, "a b c ");
	database_each_event(database, MAC, 0, 2, note_event, &last);
	assert_string_equal(last.states, "b c ");
	database_each_event(database, NULL, all.first, 1, note_event, &after);
	assert_string_equal(after.states, "b ");
	/* What is taken back is not there. */
	database_begin(database);
	put_event(database, "r3", 1, "d", true);
	database_roll_back(database);
	free(steal(all.states));
	all = (struct seen){ 0 };
	database_each_event(database, NULL, 0, 100, note_event, &all);
	assert_string_equal(all.states, "a b c ");
	database_close(database);
	free(all.states);
	free(last.states);
	free(after.states);
	tree_remove(root);
}

static void test_prune(void **state)
{
	char *root = tree_new();
	struct database *database = open_in(root);
	struct seen seen = { 0 };

	(void)state;
	database_begin(database);
	for (unsigned i = 1; i <= 5100; i++)
		put_event(database, "r1", i, "x", true);
	assert_int_equal(database_prune(database, MAC), 0);
	assert_int_equal(database_commit(database), 0);
	database_each_event(database, NULL, 0, 10000, note_event, &seen);
	assert_int_equal(seen.count, 5000);
	assert_int_equal(seen.last - seen.first, 4999);
	free(seen.states);
	database_close(database);
	tree_remove(root);
}

static void note_run(void *user, const struct database_run *run)
{
	struct database_run *last = user;

	assert_string_equal(run->server, "192.0.2.7");
	assert_int_equal(run->bytes, 9);
	last->result = run->result;
	last->mark = run->mark;
}

/* What is known of a run stays known when a later report lacks it. */
static void test_run(void **state)
{
	char *root = tree_new();
	struct database *database = open_in(root);
	struct database_run run = { .run = "r1",
				    .mac = MAC,
				    .server = "192.0.2.7",
				    .started = 5,
				    .result = DOCUMENT_NO_RESULT,
				    .bytes = 9,
				    .mark = MARK_WANTED };

	(void)state;
	assert_int_equal(database_has_run(database, MAC, "r1"), 0);
	database_begin(database);
	assert_int_equal(database_put_run(database, &run), 0);
	run.server = NULL;
	run.bytes = 0;
	run.result = 0;
	assert_int_equal(database_put_run(database, &run), 0);
	assert_int_equal(database_put_mark(database, "r1", MARK_REFUSED), 0);
	assert_int_equal(database_commit(database), 0);
	assert_int_equal(database_has_run(database, MAC, "r1"), DATABASE_OWN_RUN);
	assert_int_equal(database_has_run(database, "x", "r1"), DATABASE_OTHERS_RUN);
	database_each_run(database, MAC, note_run, &run);
	assert_int_equal(run.result, 0);
	assert_int_equal(run.mark, MARK_REFUSED);
	database_close(database);
	tree_remove(root);
}

static void put_file(const char *root, const char *text)
{
	char *path = tree_path(root, "fleet.sqlite");
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	free(path);
}

/* A database of somebody else's. */
static void put_other(const char *root)
{
	char *path = tree_path(root, "fleet.sqlite");
	sqlite3 *sqlite = NULL;

	assert_int_equal(unlink(path), 0);
	assert_int_equal(sqlite3_open(path, &sqlite), SQLITE_OK);
	assert_int_equal(sqlite3_exec(sqlite, "CREATE TABLE x (y)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(sqlite);
	free(path);
}

static void test_refused(void **state)
{
	char *root = tree_new(), *reason;
	struct database *database = open_in(root);

	(void)state;
	reason = open_fails(root);
	assert_non_null(strstr(reason, "another p2v-fleetd"));
	free(reason);
	database_close(database);
	put_other(root);
	reason = open_fails(root);
	assert_non_null(strstr(reason, "another program"));
	free(reason);
	put_file(root,
		 "This is no database, and it is long enough to be seen as none of them at all....."
		 "..................................................................");
	reason = open_fails(root);
	assert_non_null(strstr(reason, "damaged"));
	free(reason);
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record),  cmocka_unit_test(test_events),
		cmocka_unit_test(test_prune),   cmocka_unit_test(test_run),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
