/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a login shell prints on a stream before our script does: what its start-up
 * files say, until the mark, a line of its own that says that the script begins.
 * No I/O.
 */
#ifndef P2VD_SSH_GREETING_H
#define P2VD_SSH_GREETING_H

#include <stdbool.h>
#include <stddef.h>

#define SSH_GREETING_MARK "@p2vd-begins\n" /* its first character stands in it only once */

/* Zeroed to begin with. */
struct ssh_greeting {
	char start[512]; /* of it, for an error message */
	size_t length;   /* bytes, of all of it */
	size_t matched;  /* bytes of the mark */
};

/* How many of the next @length bytes of the stream are still greeting. */
size_t ssh_greeting_take(struct ssh_greeting *greeting, const char *data, size_t length);

/* Whether the mark has come. */
bool ssh_greeting_is_over(const struct ssh_greeting *greeting);

/* Whether the mark has not come in 64 KiB: no shell that starts prints so much. */
bool ssh_greeting_is_endless(const struct ssh_greeting *greeting);

/* How many bytes of it stand in @start. */
size_t ssh_greeting_length(const struct ssh_greeting *greeting);

#endif
