/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running one of our scripts (script.h) on the conversion server, its whole
 * answer in one call.
 */
#ifndef P2VD_REMOTE_H
#define P2VD_REMOTE_H

#include "server/script.h"
#include "ssh/ssh.h"

/* Bytes that a script may say; one that says more is stopped. */
#define REMOTE_ANSWER_MOST (1U << 20)

struct remote_call {
	enum script script;
	const struct script_value *values;
	size_t count;
	const void *input; /* or NULL */
	size_t input_length;
	unsigned timeout; /* seconds */
	/* @status as in ssh.h; @output and @error are NUL-terminated, without
	 * white space at their end, and gone after the call. */
	void (*done)(void *user, int status, const char *output, const char *error);
	/* Instead of done() when the session is freed first; may be NULL. */
	void (*dropped)(void *user);
	void *user;
};

/* Queues the call. All it points to is copied. */
void remote_run(struct ssh *ssh, const struct remote_call *call);

#endif
