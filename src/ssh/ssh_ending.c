// SPDX-License-Identifier: GPL-2.0-or-later
/* The end of a script's answer. */
#include "ssh/ssh_ending.h"

#include <stdio.h>
#include <string.h>

void ssh_ending_begin(struct ssh_ending *ending, const char *word)
{
	*ending = (struct ssh_ending){ .status = -1 };
	snprintf(ending->mark, sizeof(ending->mark), SSH_ENDING_MARK "%s-", word);
}

/* Reads a byte behind the mark: the status, three digits at most, and a line feed. */
static void take_status(struct ssh_ending *ending, char c)
{
	if (c >= '0' && c <= '9' && ending->status < 100)
		ending->status = (ending->status < 0 ? 0 : ending->status * 10) + (c - '0');
	else
		ending->over = true;
}

void ssh_ending_flush(struct ssh_ending *ending,
		      void (*output)(void *user, const char *data, size_t length), void *user)
{
	if (ending->matched && ending->mark[ending->matched])
		output(user, ending->mark, ending->matched);
	ending->matched = 0;
}

void ssh_ending_take(struct ssh_ending *ending, const char *data, size_t length,
		     void (*output)(void *user, const char *data, size_t length), void *user)
{
	size_t from = 0; /* where the answer begins that is not handed on yet */

	for (size_t i = 0; i < length && !ending->over; i++) {
		char expected = ending->mark[ending->matched];

		if (!expected) {
			take_status(ending, data[i]);
			from = length;
			continue;
		}
		if (data[i] != expected) {
			ssh_ending_flush(ending, output, user);
			expected = ending->mark[0];
		}
		if (data[i] != expected)
			continue;
		if (!ending->matched++ && i > from)
			output(user, data + from, i - from);
		from = i + 1;
	}
	if (!ending->over && from < length)
		output(user, data + from, length - from);
}
