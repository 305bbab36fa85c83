// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines out of a stream that comes in pieces. */
#include "lines.h"

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

		if (c == '\n' || lines->length == LINES_LONGEST)
			lines_end(lines, sink, user);
		if (lines->redraw && c != '\n')
			lines->length = 0;
		lines->redraw = c == '\r';
		if (c != '\n' && c != '\r')
			lines->line[lines->length++] = c;
	}
}
