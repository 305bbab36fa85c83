/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What p2v-fleetd keeps, in one SQLite file: machines, runs, events and counters. Tables and
 * columns are described in p2v-fleetd(8), DATABASE.
 *
 * Whatever is written is written within a transaction. If that fails, all of it counts as not
 * written: the disk may be full. Every later transaction tries again, so it goes on by itself when
 * there is room.
 */
#ifndef P2VD_DATABASE_H
#define P2VD_DATABASE_H

#include "fleet/record.h"

struct database;

/* One try to convert a machine, from its first report to its last. Texts may be NULL. */
struct database_run {
	const char *run, *mac, *server, *guest, *reason;
	int64_t started, ended; /* 0: not known, not yet */
	int result;             /* or DOCUMENT_NO_RESULT */
	bool inventory;
	uint64_t bytes, seconds, tries; /* tries: of virt-v2v */
	enum mark mark;
};

struct database_event {
	int64_t id, time;
	const char *mac, *run, *state, *reason;
	uint64_t number; /* of the change in its run */
};

/*
 * Opens @path, and makes it if it is missing. Where that is not possible now (no room, no right to
 * write), there is a database all the same: it begins to keep as soon as it can. Returns -errno
 * and a sentence in @reason for what does not get better by itself: another p2v-fleetd has it
 * open, the file is damaged or of a newer version.
 */
int database_open(const char *path, struct database **database, char **reason);
/* Whether it is open now. */
bool database_is_ready(const struct database *database);
void database_close(struct database *database);

/* Begins a transaction unless one has begun. Like all functions that write: 0 or -EIO. */
int database_begin(struct database *database);
int database_commit(struct database *database);
void database_roll_back(struct database *database);

/* What failed last, a sentence. */
const char *database_failure(const struct database *database);

int database_put_record(struct database *database, const struct record *record);
int database_put_run(struct database *database, const struct database_run *run);
/* One that is known already stays as it is: @added says whether it was not. */
int database_put_event(struct database *database, const struct database_event *event, bool *added);
int database_put_mark(struct database *database, const char *run, enum mark mark);
int database_put_counter(struct database *database, const char *name, uint64_t value);

/* Of @mac, only the newest runs and events are kept: nobody can fill the disk with reports. */
int database_prune(struct database *database, const char *mac);

/* Whether the run is known: 0, one of these, or -EIO: who knows. */
enum { DATABASE_OWN_RUN = 1, /* of @mac */ DATABASE_OTHERS_RUN };
int database_has_run(struct database *database, const char *mac, const char *run);

/* Each reads all that there are and calls back for each; what is handed on is valid until then.
 * In each_record(), what is in the record may be taken over by clearing it. */
void database_each_record(struct database *database,
			  void (*take)(void *user, struct record *record), void *user);
void database_each_counter(struct database *database,
			   void (*take)(void *user, const char *name, uint64_t value), void *user);
/* Of @mac, or of all machines (NULL): by machine, the newest run first. */
void database_each_run(struct database *database, const char *mac,
		       void (*take)(void *user, const struct database_run *run), void *user);
/* Of @mac: the newest @most; of all (NULL): the oldest @most after the event @after. By id. */
void database_each_event(struct database *database, const char *mac, int64_t after, unsigned most,
			 void (*take)(void *user, const struct database_event *event), void *user);

#endif
