/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cells of a CSV file, as spreadsheets write it and p2v-pxe(8) reads it, MACHINES: comma,
 * semicolon or tab between them, quotes around those that have one or a line break in them.
 */
#ifndef P2VD_CELLS_H
#define P2VD_CELLS_H

#include <stddef.h>

struct cells {
	const char *at;
	char separator; /* NUL: not yet known */
	unsigned line;  /* the number of the one at which @at is, from 1 */
	int headed;     /* the first record was read */
};

void cells_begin(struct cells *cells, const char *text);

/*
 * Reads the next record, without remarks and empty lines before it. Returns 1, the cells, which
 * the caller frees with list_free(), and the number of the record's first line; 0 at the end;
 * -EINVAL and a reason.
 */
int cells_next(struct cells *cells, char ***record, unsigned *line, char **reason);

#endif
