/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking into one piece of a disk, by a process of its own: a library that crashes on hostile
 * metadata, or a disk that does not answer, costs no more than this: all of the piece counts as
 * used.
 */
#ifndef P2VD_INSPECTION_H
#define P2VD_INSPECTION_H

#include "blocks/piece.h"

#include <stdint.h>
#include <stdio.h>

/* In that process. */
struct inspection {
	const struct piece *piece;
	int disk;   /* open for reading */
	int broker; /* asked for devices (broker.h), or -1 */
	FILE *out;
};

/* Tells what is used in a piece, by inspection_used(). Returns 0, or -errno and in @reason a few
 * words on why it cannot be told. */
typedef int inspect_function(struct inspection *inspection, char **reason);

/* That range is used. Ranges have to ascend and must not overlap, or else the answer is refused and
 * all of the piece counts as used. What is not told is not used. */
void inspection_used(struct inspection *inspection, uint64_t offset, uint64_t length);

/*
 * Has @inspect look into the piece for at most @milliseconds, and adds to @extents what is used. In
 * doubt the whole piece: then its reason says why.
 */
void inspection_run(struct piece *piece, int disk, int broker, inspect_function *inspect,
		    int64_t milliseconds, struct extents *extents);

/*
 * How much address space a process may have: half of the memory that the machine has available by
 * @meminfo, the text of /proc/meminfo, but not less and not more than these. Even the least is more
 * than twice what the programs need for a file system of some terabytes.
 */
#define INSPECTION_LEAST ((uint64_t)64 << 20) /* bytes */
#define INSPECTION_MOST ((uint64_t)1 << 30)
uint64_t inspection_memory(const char *meminfo);

/* Sets that limit for this process, and for each that it starts from now on. */
void inspection_bound(void);

#endif
