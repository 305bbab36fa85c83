/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of several servers will serve this machine first. No I/O. */
#ifndef P2VD_CHOICE_H
#define P2VD_CHOICE_H

#include "server/queue.h"

#include <stdbool.h>
#include <stddef.h>

struct offer {
	char *wrong; /* why it cannot serve this machine; NULL: it can */
	bool down;   /* it could not be asked, and may be back later */
	struct queue_look look;
};

/* Whether a conversion can begin there at once. */
bool offer_is_free(const struct offer *offer);

/* The best of @count, -1 if none can serve it: where it has a slot already; where most slots are
 * free; where it waits for the shortest time, which is guessed by its place where it is not
 * known. Of equals the first, from the index @first on. */
int choice_best(const struct offer *const *offers, size_t count, size_t first);

/* Whether a machine that waits at this place (from 1; 0: it is not known yet) asks the other
 * servers again, so many minutes after the last time: each minute who is the next, who is the
 * tenth each tenth. What is free elsewhere goes to those in front in any case, and each look is a
 * login and a probe, which took 0.17 s of a processor there: if 500 machines looked each minute,
 * each of four servers would have a processor busy with that. */
bool choice_looks(unsigned minutes, unsigned place);

#define CHOICE_MINUTES_MOST 30U

/* "2 of 3 slots are free" and the like. The caller frees. */
char *offer_text(const struct offer *offer);

void offer_clear(struct offer *offer);

#endif
