/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table for people: columns as wide as what is in them, and fewer of them where there is less
 * room. */
#ifndef P2VD_GRID_H
#define P2VD_GRID_H

#include <stdbool.h>

struct grid_column {
	const char *head;
	bool right;    /* numbers stand at the right */
	unsigned spare; /* 0: always shown; of the others, the greatest is left out first */
};

struct grid;

/* @columns, up to one without a head, must live as long. */
struct grid *grid_new(const struct grid_column *columns);

/* Adds a row; @cells has one text per column, or NULL for nothing. They are copied. */
void grid_row(struct grid *grid, char *const *cells);

/*
 * The lines with their head, at most @width characters wide; 0: any width. A column in which
 * nothing stands is left out. What does not fit into the last one is cut. The caller frees with
 * list_free().
 */
char **grid_lines(const struct grid *grid, unsigned width);

void grid_free(struct grid *grid);

#endif
