/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes that are kept together, in one transaction at the end of a turn of the event loop. If
 * that fails, all of them are taken back: then what is in memory is what is on the disk, and
 * whoever has reported reports again.
 *
 * For each change: batch_begin(); if that is good, change the record and write it; batch_done().
 */
#ifndef P2VD_BATCH_H
#define P2VD_BATCH_H

#include "fleet/database.h"
#include "fleet/metrics.h"

#include <systemd/sd-event.h>

struct batch;

/* @metrics: the caller's, which are taken back, too. @committed is called for each record. */
struct batch *batch_new(sd_event *event, struct database *database, struct metrics *metrics,
			void (*committed)(void *user, struct record *record), void *user);

/* Ends the batch that is open. NULL is fine. */
void batch_free(struct batch *batch);

/* Before @record, which must stay where it is, is changed. 0, or -EIO. */
int batch_begin(struct batch *batch, struct record *record);

/* After it was written, with what came of it (0 or -EIO), or after batch_begin() has failed.
 * @kept: called once with whether it is kept, perhaps at once; or NULL. */
void batch_done(struct batch *batch, int result, void (*kept)(void *user, bool kept), void *user);

/* What the metrics are now is on the disk. */
void batch_keep(struct batch *batch);

/* Those that are on the disk. */
const struct metrics *batch_metrics(const struct batch *batch);

#endif
