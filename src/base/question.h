/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A question that may never be answered. A read from a dying disk may take minutes or never
 * return, and no signal ends it. So another process asks, for a limited time, and is left
 * behind if it does not answer. A thread would keep p2vd from ending.
 */
#ifndef P2VD_QUESTION_H
#define P2VD_QUESTION_H

#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct question;

struct question_options {
	/* Runs in the new process, a copy of this one that has no descriptors but its own. It
	 * closes what it opens: only then has it answered. Returns memory, and its length in
	 * bytes. */
	char *(*ask)(const void *subject, size_t *length);
	const void *subject;
	uint64_t limit; /* microseconds */
	/* The last call, from the event loop. @error: 0, and all bytes that ask() returned;
	 * ETIMEDOUT where they did not come in time; another errno where the process has
	 * ended without them. May free the question. */
	void (*answered)(void *user, const char *bytes, size_t length, int error);
	void *user;
};

/* Returns 0 and the question in @question (the caller calls question_free()), or -errno. */
int question_start(sd_event *event, const struct question_options *options,
		   struct question **question);

/* Ends the process, but does not wait for one that cannot be ended. No callback comes any
 * more. NULL is fine. */
void question_free(struct question *question);

#endif
