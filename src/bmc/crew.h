/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes of our own that do one thing each which takes long, beside each other: a BMC takes
 * seconds, and there may be hundreds. What they find out comes back as a number and a sentence.
 */
#ifndef P2VD_CREW_H
#define P2VD_CREW_H

#include <stdbool.h>
#include <stddef.h>

struct crew;

/* Does the work for the thing @index. Returns a number, and perhaps a sentence. */
typedef int (*crew_work_t)(void *user, size_t index, char **sentence);

struct crew *crew_new(void);

/* Begins work in a new process, on a copy of all memory. A signal to our group does not end it:
 * it has to leave the BMC in order. Returns 0 or -errno. */
int crew_begin(struct crew *crew, crew_work_t work, void *user, size_t index);

unsigned crew_size(const struct crew *crew); /* how many are at work */

/* One that is done. */
struct crew_result {
	crew_work_t work;
	size_t index;
	int code;
	char *sentence; /* NULL: none; the caller frees */
};

/* Waits up to so many milliseconds (-1: for ever) for one to be done; a signal ends the
 * waiting, too. Returns whether one is. */
bool crew_wait(struct crew *crew, int milliseconds, struct crew_result *result);

/* Ends those that are at work. */
void crew_free(struct crew *crew);

#endif
