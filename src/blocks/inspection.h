/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking into one piece of a disk, by a process of its own: a library that crashes on hostile
 * metadata, or a disk that does not answer, costs no more than that piece is used wholly.
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
	uint64_t end; /* of the last range that was told */
};

/* Tells what is used in a piece, by inspection_used(). Returns 0, or -errno and in @reason a few
 * words on why it cannot be told. */
typedef int inspect_function(struct inspection *inspection, char **reason);

/* That range is used. They come in ascending order and do not overlap; otherwise it all counts as
 * nonsense. What is not told is not used. */
void inspection_used(struct inspection *inspection, uint64_t offset, uint64_t length);

/*
 * Has @inspect look into the piece for at most @milliseconds, and adds to @extents what is used. In
 * doubt the whole piece: then its reason says why.
 */
void inspection_run(struct piece *piece, int disk, int broker, inspect_function *inspect,
		    int64_t milliseconds, struct extents *extents);

/*
 * Bounds the memory of this process, and of all that it starts: none of them can have more address
 * space than half of what the machine has available, @meminfo being the text of /proc/meminfo. Even
 * the least is more than double of what the programs need for a file system of some terabytes.
 */
#define INSPECTION_LEAST ((uint64_t)64 << 20) /* bytes */
#define INSPECTION_MOST ((uint64_t)1 << 30)
uint64_t inspection_memory(const char *meminfo);
void inspection_bound(void);

#endif
