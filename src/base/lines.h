/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines out of a stream that comes in pieces.
 */
#ifndef P2VD_LINES_H
#define P2VD_LINES_H

#include <stddef.h>

/* In bytes. A longer line is handed on in pieces of this size, or a few bytes
 * smaller so as not to cut a UTF-8 character. */
#define LINES_LONGEST 4096

/* To be zeroed before the first use. */
struct lines {
	char line[LINES_LONGEST + 1];
	size_t length;
	_Bool redraw; /* the last byte was a carriage return */
};

/*
 * Appends @data to what is left of earlier calls, and hands each complete line to
 * @sink, without its newline. A NUL in the line becomes ?. If carriage returns
 * draw a line several times, as progress bars do, only the last text is handed
 * on. Empty lines are left out.
 */
void lines_feed(struct lines *lines, const char *data, size_t length,
		void (*sink)(void *user, const char *line), void *user);

/* Hands the last line to @sink, if the stream ended without a newline. */
void lines_end(struct lines *lines, void (*sink)(void *user, const char *line), void *user);

#endif
