/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which reads come one after the other, and how far to read ahead of them. nbdcopy reads several
 * parts of a disk at the same time (a thread for each, 128 MiB long): so there may be several
 * sequences.
 */
#ifndef P2VD_RELAY_AHEAD_H
#define P2VD_RELAY_AHEAD_H

#include <stdbool.h>
#include <stdint.h>

#define AHEAD_SEQUENCES 8
#define AHEAD_MAX (32U << 20) /* bytes, of all sequences together */

struct sequence {
	uint64_t begin;
	uint64_t at;    /* where its reads have got to */
	uint64_t ahead; /* where reading ahead has got to: for the caller to move on */
	uint32_t window;
	unsigned reads;
	uint64_t used; /* when it was seen last, counted on and on */
};

/* Zeros at first. */
struct ahead {
	struct sequence sequences[AHEAD_SEQUENCES];
	uint64_t clock;
	uint64_t mark_bytes, mark_time; /* of the last measurement; 0: there is none */
	uint64_t per_second;            /* bytes that the line carries */
};

/* Notes that @received bytes have come at @now (milliseconds). @busy: more are due. To be called
 * often. */
void ahead_measure(struct ahead *ahead, uint64_t received, bool busy, uint64_t now);

/* How many bytes may be under way while more is read ahead: what the line carries in half a second.
 * A read that somebody waits for may have to wait for all of them first. */
uint64_t ahead_allowed(const struct ahead *ahead);

/* How many bytes may be under way while more is fetched in the background: what keeps the line
 * busy, by the milliseconds @delay that an answer takes at least, and no more than a few of them if
 * somebody waits (@hurry). */
uint64_t ahead_allowed_behind(const struct ahead *ahead, uint64_t delay, bool hurry);

/* All before this offset has been read, by the sequence that is least far: reads come in about the
 * order of their offsets. 0: there is none. */
uint64_t ahead_position(const struct ahead *ahead);

/* Whether @offset lies between the beginning and the end of what a sequence that goes on has
 * read. */
bool ahead_has_passed(const struct ahead *ahead, uint64_t offset);

/* No sequence goes on. */
void ahead_forget(struct ahead *ahead);

/* Somebody reads from @offset to @end. */
void ahead_note(struct ahead *ahead, uint64_t offset, uint64_t end);

/* The sequence that has the least before it, and should have more; @size: of the disk. NULL where
 * there is none. Belongs to @ahead. */
struct sequence *ahead_next(struct ahead *ahead, uint64_t size);

#endif
