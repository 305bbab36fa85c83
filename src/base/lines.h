/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines out of a stream that comes in pieces.
 */
#ifndef P2VD_LINES_H
#define P2VD_LINES_H

#include <stddef.h>

/* A longer line is handed on in pieces of this many bytes, a few less where
 * that would cut a UTF-8 character. */
#define LINES_LONGEST 4096

/* Zeroed to begin with. */
struct lines {
	char line[LINES_LONGEST + 1];
	size_t length;
	_Bool redraw; /* a carriage return was the last byte */
};

/*
 * Hands each whole line of @data (what was kept from before in front) to
 * @sink, NUL-terminated, its end removed, NULs in it replaced. Of a line that
 * is drawn over with carriage returns the last drawing counts. Empty lines are
 * passed over.
 */
void lines_feed(struct lines *lines, const char *data, size_t length,
		void (*sink)(void *user, const char *line), void *user);

/* The last line, if the stream ended without a newline. */
void lines_end(struct lines *lines, void (*sink)(void *user, const char *line), void *user);

#endif
