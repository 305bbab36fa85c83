/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a report and of a machine is written into the database. All within a transaction; all
 * return 0 or -EIO. */
#ifndef P2VD_KEEPING_H
#define P2VD_KEEPING_H

#include "fleet/database.h"
#include "fleet/metrics.h"

/* All of a record and its run, and the metrics, to which its new bytes are added. */
int keeping_put(struct database *database, struct metrics *metrics, struct record *record);

/* The changes that a report tells, as events; those that are known already stay as they are. */
int keeping_put_changes(struct database *database, const char *mac, const struct document *document,
			int64_t now);

/* A report of a run that is over: the machine has begun another one since. */
int keeping_put_late(struct database *database, const char *mac, const struct document *document,
		     int64_t now);

void keeping_read_metrics(struct database *database, struct metrics *metrics);

#endif
