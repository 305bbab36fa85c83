/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a disk has been read, as a line for people.
 *
 * How much a conversion will read is not known before its end, because free space
 * is not read. So the whole bar is the disk's size, the remaining time is "at most",
 * and the disk can be finished before the bar is full.
 */
#ifndef P2VD_PROGRESS_H
#define P2VD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	uint64_t size;  /* bytes of the disk */
	uint64_t bytes; /* read so far */
	double rate;    /* bytes per second, smoothed */
	uint64_t last;  /* when the last sample was taken, microseconds; 0: none yet */
};

/* @bytes were read by the time @now (microseconds of any clock that never goes back). */
void progress_sample(struct progress *progress, uint64_t bytes, uint64_t now);

/* Seconds until all of the disk is read, at most; PROGRESS_UNKNOWN while it stands still. */
#define PROGRESS_UNKNOWN UINT64_MAX
uint64_t progress_remaining(const struct progress *progress);

/* "sda      [#####.....] 12.3 GiB of 40.0 GiB  98.0 MiB/s  at most 4:49", which fits into
 * 79 columns. @estimate: whether to tell the remaining time. The caller frees. */
char *progress_line(const struct progress *progress, const char *name, bool estimate);

#endif
