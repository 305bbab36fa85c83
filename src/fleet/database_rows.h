/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The database's insides, which database.c and database_rows.c share. */
#ifndef P2VD_DATABASE_ROWS_H
#define P2VD_DATABASE_ROWS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <sys/types.h>

#define ROWS_STATEMENTS 14

struct database {
	char *path;
	char *failure;
	int lock; /* the directory, which is locked */
	sqlite3 *sqlite;
	ino_t inode; /* of the file that is open */
	dev_t device;
	bool ready; /* it is open and has its schema */
	bool begun; /* a transaction is open */
	sqlite3_stmt *statement[ROWS_STATEMENTS];
};

/* Keeps what SQLite says of its last failure. Returns -EIO. */
int database_failed(struct database *database);

#endif
