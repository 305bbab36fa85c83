/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a disk has been read, as a line for people.
 *
 * How much a conversion will read is not known before its end, because free space
 * is not read, unless there is a map of what is used. Without it the whole bar is the
 * disk's size, the remaining time is "at most", and the disk can be finished before the
 * bar is full.
 */
#ifndef P2VD_PROGRESS_LINE_H
#define P2VD_PROGRESS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#define PROGRESS_LINE_UNKNOWN UINT64_MAX

/*
 * "sda      [#####.....] 12.3 GiB of 40.0 GiB  98.0 MiB/s  at most 4:49", which fits into
 * 79 columns. @bytes of @size bytes were read, @rate is in bytes per second, @remaining in
 * seconds; PROGRESS_LINE_UNKNOWN leaves the remaining time out. The caller frees.
 */
char *progress_line(const char *name, uint64_t bytes, uint64_t size, uint64_t rate,
		    uint64_t remaining);

/* Seconds for @left bytes by @rate bytes per second; PROGRESS_LINE_UNKNOWN where nearly nothing
 * moves, or it would take 100 hours. */
uint64_t progress_line_remaining(uint64_t left, double rate);

/* Several disks together. Begins with zeros. */
struct progress_sum {
	unsigned disks;
	uint64_t bytes, size, rate;
	bool told; /* a disk that is not finished tells its remaining time */
};

/* As for progress_line(). */
void progress_sum_add(struct progress_sum *sum, uint64_t bytes, uint64_t size, uint64_t rate,
		      uint64_t remaining);

/* The same line for all of them, "all      [#####.....] …": what is left of all by the rate of all,
 * whether they are read at the same time or one after the other. NULL for fewer than two, of which
 * the disk's own line says it. The caller frees. */
char *progress_sum_line(const struct progress_sum *sum);

#endif
