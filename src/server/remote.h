/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running one of our scripts (script.h) on the conversion server. Its whole answer
 * comes in one call.
 */
#ifndef P2VD_REMOTE_H
#define P2VD_REMOTE_H

#include "server/script.h"
#include "ssh/ssh.h"

#include <stdbool.h>

/* Bytes that a script may print on each of its two outputs. One that prints more is
 * stopped. */
#define REMOTE_ANSWER_MAX (1U << 20)

struct remote_call {
	enum script script;
	const struct script_value *values;
	size_t count;
	char *const *arguments; /* a NULL-terminated list, or NULL */
	const void *input; /* or NULL */
	size_t input_length;
	unsigned timeout; /* seconds */
	/* @status as in ssh.h; @output and @error are NUL-terminated, without
	 * white space at their end, and valid during the call only. */
	void (*done)(void *user, int status, const char *output, const char *error);
	/* Instead of done() when the session is freed first; may be NULL. */
	void (*dropped)(void *user);
	void *user;
};

/* Queues the call. All it points to is copied. */
void remote_run(struct ssh *ssh, const struct remote_call *call);

/* Why a script failed: "cannot @what on the conversion server: @error". The caller frees. */
char *remote_reason(const char *what, const char *error);

/* What a script has printed so far. Zeroed to begin with; its text is freed by free(). */
struct remote_answer {
	char *text; /* or NULL */
	size_t length;
};

/* Appends @data up to REMOTE_ANSWER_MAX bytes; false if that is not all of it. */
bool remote_answer_add(struct remote_answer *answer, const char *data, size_t length);

/* The text without white space at its end, "" for none. Belongs to @answer. */
const char *remote_answer_text(struct remote_answer *answer);

#endif
