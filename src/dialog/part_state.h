/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a part is filled in: is it ready, does it want something, or is something wrong? */
#ifndef P2VD_PART_STATE_H
#define P2VD_PART_STATE_H

#include "dialog/mirror.h"
#include "dialog/part.h"

enum part_mood {
	PART_READY,
	PART_WANTS, /* or there is something that a person should look at */
	PART_WRONG,
};

struct part_state {
	enum part_mood mood;
	char *text; /* what is entered, what it wants or what is wrong; the caller frees */
};

/* @addressed: a network card has an address. */
struct part_state part_state(enum part part, const struct mirror *mirror, bool addressed);

/* "ready", "wants", "WRONG" */
const char *part_mood_name(enum part_mood mood);

/* What to write for the parameter @name of @mirror, and what it is where nothing is written:
 * "HOST; default: none". The caller frees. */
char *part_hint(const struct mirror *mirror, const char *name);

/* The first sentence of its description. The caller frees. */
char *part_purpose(const struct mirror *mirror, const char *name);

/* Whether a form shows the field: its output mode has it, or somebody has given it. */
bool part_shows(const struct mirror *mirror, const char *name);

/* The words that the value of the parameter may be, a list: what the table says, and of the output
 * mode what the tested server offers. NULL: any text. "" stands for the default. The caller frees
 * with list_free(). */
char **part_words(const struct mirror *mirror, const char *name);

#endif
