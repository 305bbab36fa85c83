/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What p2v-fleetd counts, and its text for Prometheus (text format 0.0.4). No I/O. */
#ifndef P2VD_METRICS_H
#define P2VD_METRICS_H

#include "fleet/record.h"

#define METRICS_BUCKETS 11

/* Counters: none goes backwards, also over a restart, as they are kept in the database. */
struct metrics {
	uint64_t bytes;                    /* read from all disks of all machines */
	uint64_t bucket[METRICS_BUCKETS]; /* conversions that took so long; not of shorter ones */
	uint64_t longer; /* than the last bucket */
	uint64_t seconds; /* of all of them */
	uint64_t converted; /* bytes that they have read */
};

/* A conversion has succeeded after @seconds, and has read @bytes. */
void metrics_add(struct metrics *metrics, uint64_t bytes, uint64_t seconds);

/* Each counter has a name, by which it is kept. NULL: @index is too great. */
uint64_t *metrics_counter(struct metrics *metrics, size_t index, char name[static 32]);

/* @machines: how many there are of each group. The caller frees. */
char *metrics_text(const struct metrics *metrics, const unsigned machines[static GROUPS]);

#endif
