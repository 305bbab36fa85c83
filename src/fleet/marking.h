/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets p2v-pxe(8) write into a machine's entries that it is done or has failed: one call after
 * the other, as p2v-pxe locks the tree, and without holding anything else up.
 */
#ifndef P2VD_MARKING_H
#define P2VD_MARKING_H

#include <stddef.h>
#include <systemd/sd-event.h>

#define MARKING_OK 0
#define MARKING_NO_MACHINE 2 /* p2v-pxe's exit codes */
#define MARKING_TROUBLE 3    /* whatever may be temporary: call it again later */

struct marking;

/* @program: p2v-pxe. */
struct marking *marking_new(sd_event *event, const char *program, const char *tree);

/* What waits or runs ends with MARKING_TROUBLE. NULL is fine. */
void marking_free(struct marking *marking);

/* @command: "done" or "failed", a constant. @ended is called once, from the event loop, with one
 * of the codes above. */
void marking_add(struct marking *marking, const char *command, const char *mac,
		 void (*ended)(void *user, int code), void *user);

/* How many wait or run. */
size_t marking_count(const struct marking *marking);

#endif
