// SPDX-License-Identifier: GPL-2.0-or-later
/* What a login shell prints before the script starts. */
#include "ssh/ssh_greeting.h"

#include <string.h>

#define GREETING_MOST (64U << 10)

bool ssh_greeting_is_over(const struct ssh_greeting *greeting)
{
	return greeting->matched == strlen(SSH_GREETING_MARK);
}

bool ssh_greeting_is_endless(const struct ssh_greeting *greeting)
{
	return !ssh_greeting_is_over(greeting) && greeting->length > GREETING_MOST;
}

size_t ssh_greeting_take(struct ssh_greeting *greeting, const char *data, size_t length)
{
	const char *mark = greeting->error ? SSH_GREETING_ERROR_MARK : SSH_GREETING_MARK;
	size_t i;

	for (i = 0; i < length && !ssh_greeting_is_over(greeting); i++) {
		if (data[i] != mark[greeting->matched])
			greeting->matched = 0;
		if (data[i] == mark[greeting->matched])
			greeting->matched++;
		if (greeting->length < sizeof(greeting->start) - 1)
			greeting->start[greeting->length] = data[i];
		greeting->length++;
	}
	return i;
}
