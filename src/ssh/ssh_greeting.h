/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a login shell prints on a stream before the script starts, for example from its
 * start-up files. A line of its own, the mark, ends it. No I/O.
 */
#ifndef P2VD_SSH_GREETING_H
#define P2VD_SSH_GREETING_H

#include <stdbool.h>
#include <stddef.h>

/* ssh_greeting_take() requires that its first character does not occur again in it, and that
 * both are of one length. */
#define SSH_GREETING_MARK "@p2vd-begins\n"
#define SSH_GREETING_ERROR_MARK "@p2vd-errors\n"

/* To be zeroed before the first use, but for its last member. */
struct ssh_greeting {
	char start[512 + 1]; /* its first bytes, for an error message */
	size_t length;   /* of the whole greeting so far, in bytes */
	size_t matched;  /* how many bytes of the mark have come */
	bool error;      /* it is on standard error */
};

/* How many of the next @length bytes of the stream belong to the greeting. */
size_t ssh_greeting_take(struct ssh_greeting *greeting, const char *data, size_t length);

/* Whether the mark has come. */
bool ssh_greeting_is_over(const struct ssh_greeting *greeting);

/* Whether 64 KiB have come without the mark: more than any greeting. */
bool ssh_greeting_is_endless(const struct ssh_greeting *greeting);

#endif
