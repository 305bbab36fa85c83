/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a disk has been read, as a line for people.
 *
 * What a conversion will read is not known before its end: free space is not
 * fetched. So the bar is of the disk's size, the remaining time is "at most",
 * and the bar may end early.
 */
#ifndef P2VD_PROGRESS_H
#define P2VD_PROGRESS_H

#include <stdint.h>

struct progress {
	uint64_t size;  /* bytes of the disk */
	uint64_t bytes; /* read so far */
	double rate;    /* bytes per second, smoothed */
	uint64_t since; /* of the last sample, microseconds; 0: none yet */
};

/* @bytes read by the time @now (microseconds of any clock that only goes on). */
void progress_sample(struct progress *progress, uint64_t bytes, uint64_t now);

/* "sda  [#####.....]  12.3 of 40.0 GiB  98 MiB/s  at most 4:49 left", the bar
 * @width characters wide. The caller frees. */
char *progress_line(const struct progress *progress, const char *name, unsigned width);

#endif
