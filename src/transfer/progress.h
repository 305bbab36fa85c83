/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a disk has been read, how fast, and how long the rest may take: what
 * base/progress_line.h shows.
 */
#ifndef P2VD_PROGRESS_H
#define P2VD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	uint64_t disk;  /* bytes of the disk */
	uint64_t size;  /* of which so many have to be read, as far as is known */
	bool exact;     /* that is known: the map says so */
	uint64_t bytes; /* read so far */
	uint64_t read;  /* by the export, what was read twice counted twice */
	uint64_t fetched, read_then; /* of the map, as it was told last, and @read at that time */
	double rate;    /* bytes per second, smoothed */
	uint64_t last;  /* when the last sample was taken, microseconds; 0: none yet */
};

/* The export has read @read bytes by the time @now (microseconds of any clock that never goes
 * back). With a map, what it reads counts until progress_map() tells better. */
void progress_sample(struct progress *progress, uint64_t read, uint64_t now);

/* Of the disk @used bytes are used, and @fetched of them have come by the time @now. */
void progress_map(struct progress *progress, uint64_t used, uint64_t fetched, uint64_t now);

/* At most as many seconds until the disk is read; PROGRESS_LINE_UNKNOWN where nothing is read,
 * or it would take 100 hours. */
uint64_t progress_remaining(const struct progress *progress);

#endif
