// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2v-fleetd keeps: the SQLite file, its transactions and its schema. */
#include "fleet/database.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "fleet/database_rows.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define VERSION 1              /* of the schema */
#define APPLICATION 0x70327666 /* "p2vf": whose file it is */
#define BUSY_MILLISECONDS 200 /* somebody else may write into it, and the loop waits meanwhile */

static const char schema[] =
	"CREATE TABLE machines (mac TEXT PRIMARY KEY, run TEXT, sequence INTEGER, numbers INTEGER,"
	" state TEXT, reason TEXT, since INTEGER, seen INTEGER, started INTEGER, ended INTEGER,"
	" result INTEGER, inventory INTEGER, bytes INTEGER, bytes_kept INTEGER,"
	" disks_read INTEGER, mark INTEGER, data TEXT, found TEXT, told_done INTEGER,"
	" skipped INTEGER, power INTEGER, power_seen INTEGER, powered INTEGER, power_error TEXT);"
	"CREATE TABLE runs (run TEXT PRIMARY KEY, mac TEXT NOT NULL, server TEXT, guest TEXT,"
	" reason TEXT, started INTEGER, ended INTEGER, result INTEGER, inventory INTEGER,"
	" bytes INTEGER, seconds INTEGER, tries INTEGER, mark INTEGER);"
	"CREATE INDEX runs_mac ON runs (mac, started);"
	"CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER, mac TEXT NOT NULL,"
	" run TEXT NOT NULL, number INTEGER NOT NULL, state TEXT, reason TEXT,"
	" UNIQUE (run, number));"
	"CREATE INDEX events_mac ON events (mac, id);"
	"CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER);";

int database_failed(struct database *database)
{
	free(database->failure);
	database->failure = text_copy(database->sqlite ? sqlite3_errmsg(database->sqlite) :
							 "it cannot be opened");
	return -EIO;
}

const char *database_failure(const struct database *database)
{
	return database->failure ?: "nothing";
}

static int execute(struct database *database, const char *sql)
{
	return sqlite3_exec(database->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK ?
		       0 :
		       database_failed(database);
}

/* The number that @sql answers; -1: it does not. */
static int64_t ask(struct database *database, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t number = -1;

	if (sqlite3_prepare_v2(database->sqlite, sql, -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int64(statement, 0);
	else
		database_failed(database);
	sqlite3_finalize(statement);
	return number;
}

static void close_file(struct database *database)
{
	for (size_t i = 0; i < ROWS_STATEMENTS; i++)
		sqlite3_finalize(steal(database->statement[i]));
	sqlite3_close(steal(database->sqlite));
	database->ready = false;
}

/* Whether the file is still the one that was opened, and not moved away or replaced: nobody would
 * find what is written into that. */
static bool is_in_place(const struct database *database)
{
	struct stat status;

	return stat(database->path, &status) == 0 && status.st_ino == database->inode &&
	       status.st_dev == database->device;
}

/* Makes the schema where there is none yet. All of it or nothing. */
static int make_schema(struct database *database)
{
	AUTO_FREE char *sql =
		text_format("BEGIN IMMEDIATE; %s PRAGMA user_version = %d; PRAGMA application_id = %d; COMMIT",
			    schema, VERSION, APPLICATION);
	int r = execute(database, sql);

	if (r < 0 && !sqlite3_get_autocommit(database->sqlite))
		sqlite3_exec(database->sqlite, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

/* Opens the file if it is not open. -EIO: not now; another number and a @reason: not ever. */
static int need(struct database *database, char **reason)
{
	struct stat status;
	int64_t version;

	if (database->ready) {
		if (is_in_place(database))
			return 0;
		/* SQLite would leave behind what is only in its log yet. */
		sqlite3_wal_checkpoint_v2(database->sqlite, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
					  NULL);
		close_file(database);
	}
	if (!database->sqlite &&
	    sqlite3_open_v2(database->path, &database->sqlite,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
				    SQLITE_OPEN_PRIVATECACHE,
			    NULL) != SQLITE_OK) {
		database_failed(database);
		close_file(database);
		return -EIO;
	}
	sqlite3_busy_timeout(database->sqlite, BUSY_MILLISECONDS);
	sqlite3_extended_result_codes(database->sqlite, 1);
	version = ask(database, "PRAGMA user_version");
	if (version < 0 && (sqlite3_errcode(database->sqlite) & 0xff) == SQLITE_NOTADB)
		return REFUSE(reason, EBADMSG, "'%s' is no database, or damaged: move it away",
			      database->path);
	if (version == 0 && ask(database, "SELECT count(*) FROM sqlite_master") > 0)
		version = VERSION + 1;
	if (version > VERSION ||
	    (version > 0 && ask(database, "PRAGMA application_id") != APPLICATION))
		return REFUSE(reason, EPROTO,
			      "'%s' is of a newer p2v-fleetd, or of another program: give another file",
			      database->path);
	/* A change is on the disk when it is committed, and readers do not hold it up. */
	if (version < 0 || execute(database, "PRAGMA journal_mode = WAL") < 0 ||
	    execute(database, "PRAGMA synchronous = FULL") < 0 ||
	    (version == 0 && make_schema(database) < 0)) {
		close_file(database);
		return -EIO;
	}
	if (stat(database->path, &status) == 0) {
		database->inode = status.st_ino;
		database->device = status.st_dev;
	}
	database->ready = true;
	return 0;
}

/* Only one process may write, for the others would not know what it knows. */
static int lock(struct database *database, char **reason)
{
	AUTO_FREE char *directory = text_copy(database->path);
	char *slash = strrchr(directory, '/');

	if (slash)
		slash[slash == directory] = '\0';
	database->lock = open(slash ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (database->lock < 0)
		return REFUSE(reason, errno, "cannot open the directory of '%s': %s",
			      database->path, strerror(errno));
	if (flock(database->lock, LOCK_EX | LOCK_NB) < 0)
		return REFUSE(reason, EBUSY,
			      "another p2v-fleetd keeps its database in the directory of '%s'",
			      database->path);
	return 0;
}

static int check(struct database *database, char **reason)
{
	int r = need(database, reason);

	if (r == -EIO)
		return 0;
	if (r == 0 && ask(database, "SELECT count(*) FROM machines") < 0 &&
	    (sqlite3_errcode(database->sqlite) & 0xff) == SQLITE_CORRUPT)
		r = REFUSE(reason, EBADMSG, "'%s' is damaged: move it away", database->path);
	return r;
}

int database_open(const char *path, struct database **database, char **reason)
{
	struct database *new = memory_zero(1, sizeof(*new));
	mode_t mask = umask(077);
	int r;

	new->path = text_copy(path);
	new->lock = -1;
	r = lock(new, reason);
	if (r == 0)
		r = check(new, reason);
	umask(mask);
	if (r < 0)
		database_close(steal(new));
	*database = new;
	return r;
}

bool database_is_ready(const struct database *database)
{
	return database->ready;
}

void database_close(struct database *database)
{
	if (!database)
		return;
	database_roll_back(database);
	close_file(database);
	if (database->lock >= 0)
		close(database->lock);
	free(database->path);
	free(database->failure);
	free(database);
}

int database_begin(struct database *database)
{
	AUTO_FREE char *reason = NULL;
	mode_t mask;
	int r;

	if (database->begun)
		return 0;
	mask = umask(077);
	r = need(database, &reason);
	umask(mask);
	if (r < 0)
		return -EIO;
	r = execute(database, "BEGIN IMMEDIATE");
	database->begun = r == 0;
	return r;
}

int database_commit(struct database *database)
{
	int r;

	if (!database->begun)
		return 0;
	r = execute(database, "COMMIT");
	if (r < 0)
		database_roll_back(database);
	database->begun = false;
	return r;
}

void database_roll_back(struct database *database)
{
	/* Some failures have rolled it back already. */
	if (database->begun && !sqlite3_get_autocommit(database->sqlite))
		sqlite3_exec(database->sqlite, "ROLLBACK", NULL, NULL, NULL);
	database->begun = false;
}
