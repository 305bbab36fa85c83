// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines out of a stream that comes in pieces. */
#include "base/lines.h"

#include <string.h>

/* The length of the UTF-8 character at the end of @lines, which may be incomplete; 0 for ASCII. */
static size_t open_character(const struct lines *lines)
{
	size_t back = 1;

	while (back < 4 && back < lines->length &&
	       (lines->line[lines->length - back] & 0xc0) == 0x80)
		back++;
	return (lines->line[lines->length - back] & 0xc0) == 0xc0 ? back : 0;
}

/* A line that is too long is cut between two characters. */
static void cut(struct lines *lines, void (*sink)(void *user, const char *line), void *user)
{
	char rest[4] = { 0 };
	size_t length = open_character(lines);

	lines->length -= length;
	memcpy(rest, lines->line + lines->length, length);
	lines_end(lines, sink, user);
	memcpy(lines->line, rest, length);
	lines->length = length;
}

void lines_end(struct lines *lines, void (*sink)(void *user, const char *line), void *user)
{
	if (!lines->length)
		return;
	lines->line[lines->length] = '\0';
	lines->length = 0;
	sink(user, lines->line);
}

void lines_feed(struct lines *lines, const char *data, size_t length,
		void (*sink)(void *user, const char *line), void *user)
{
	for (size_t i = 0; i < length; i++) {
		char c = data[i] ? data[i] : '?';

		if (c == '\n')
			lines_end(lines, sink, user);
		else if (lines->length == LINES_LONGEST)
			cut(lines, sink, user);
		if (lines->redraw && c != '\n')
			lines->length = 0;
		lines->redraw = c == '\r';
		if (c != '\n' && c != '\r')
			lines->line[lines->length++] = c;
	}
}
