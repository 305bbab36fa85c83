/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person has entered and p2vd has not taken, or has said something of. */
#ifndef P2VD_DRAFTS_H
#define P2VD_DRAFTS_H

#include <stdbool.h>
#include <stddef.h>

/* What was entered for a parameter. */
struct draft {
	char *name;
	char *text;     /* what p2vd has not taken, a secret perhaps; NULL: it has taken all */
	char *sentence; /* what p2vd says of it; NULL: nothing */
	bool wrong;     /* it has refused the text, or could not be asked */
	bool open;      /* it was busy or away: it is asked again when it is not */
	bool half;      /* a person was still writing it when another screen opened */
};

/* Zeroed: none. */
struct drafts {
	struct draft *draft;
	size_t count;
};

/* NULL: there is none for this parameter. Valid until the next drafts_new(). */
struct draft *drafts_find(const struct drafts *drafts, const char *name);

/* The draft for this parameter, emptied if there was one. */
struct draft *drafts_new(struct drafts *drafts, const char *name);

/* Keeps @text, which is not sent. The %s of @sentence is the parameter's name. */
void drafts_reject(struct draft *draft, const char *text, const char *sentence);

/* Marks those that p2vd could not be asked about as wrong; @why is their sentence. */
void drafts_fail(struct drafts *drafts, const char *why);

void drafts_clear(struct drafts *drafts);

#endif
