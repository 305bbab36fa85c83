// SPDX-License-Identifier: GPL-2.0-or-later
/* A table for people. */
#include "roster/grid.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

#define GAP 2      /* between two columns */
#define LAST_LEAST 16 /* of the last column, before others are left out for it */
#define CUT "..."

struct grid {
	const struct grid_column *columns;
	size_t count;
	char ***rows;
	size_t height;
};

struct layout {
	size_t width[16];
	bool shown[16];
};

struct grid *grid_new(const struct grid_column *columns)
{
	struct grid *grid = memory_zero(1, sizeof(*grid));

	grid->columns = columns;
	while (columns[grid->count].head)
		grid->count++;
	return grid;
}

void grid_row(struct grid *grid, char *const *cells)
{
	char **row = NULL;

	for (size_t i = 0; i < grid->count; i++) {
		list_append(&row, text_copy(cells[i] ?: ""));
		text_make_plain(row[i]);
	}
	APPEND(grid->rows, grid->height, row);
}

void grid_free(struct grid *grid)
{
	if (!grid)
		return;
	for (size_t i = 0; i < grid->height; i++)
		list_free(grid->rows[i]);
	free(grid->rows);
	free(grid);
}

/* The number of characters of UTF-8. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

static size_t last_shown(const struct grid *grid, const struct layout *layout)
{
	size_t last = 0;

	for (size_t i = 0; i < grid->count; i++)
		if (layout->shown[i])
			last = i;
	return last;
}

/* With the last column as narrow as it may be. */
static size_t total(const struct grid *grid, const struct layout *layout)
{
	const size_t last = last_shown(grid, layout);
	size_t sum = 0;

	for (size_t i = 0; i <= last; i++) {
		size_t width = layout->width[i];

		if (i == last && width > LAST_LEAST)
			width = LAST_LEAST;
		sum += layout->shown[i] ? width + (sum ? GAP : 0) : 0;
	}
	return sum;
}

/* Leaves out the column that can best be spared. Returns whether there was one. */
static bool leave_out(const struct grid *grid, struct layout *layout)
{
	size_t found = grid->count;

	for (size_t i = 0; i < grid->count; i++)
		if (layout->shown[i] && grid->columns[i].spare &&
		    (found == grid->count || grid->columns[i].spare > grid->columns[found].spare))
			found = i;
	if (found < grid->count)
		layout->shown[found] = false;
	return found < grid->count;
}

static void lay_out(const struct grid *grid, unsigned width, struct layout *layout)
{
	for (size_t i = 0; i < grid->count; i++) {
		for (size_t row = 0; row < grid->height; row++) {
			const size_t cell = width_of(grid->rows[row][i]);

			layout->shown[i] = layout->shown[i] || cell;
			layout->width[i] = cell > layout->width[i] ? cell : layout->width[i];
		}
		if (width_of(grid->columns[i].head) > layout->width[i])
			layout->width[i] = width_of(grid->columns[i].head);
	}
	while (width && total(grid, layout) > width && leave_out(grid, layout))
		;
}

/* @text with at most @most characters. */
static char *cut(const char *text, size_t most)
{
	size_t bytes = 0, characters = 0;

	if (width_of(text) <= most)
		return text_copy(text);
	most -= most > strlen(CUT) ? strlen(CUT) : most;
	while (text[bytes] && ((text[bytes] & 0xc0) == 0x80 || characters++ < most))
		bytes++;
	return text_format("%.*s" CUT, (int)bytes, text);
}

static void add_cell(char **line, const char *cell, size_t width, bool right, bool last)
{
	const size_t blanks = width - (width_of(cell) < width ? width_of(cell) : width);
	AUTO_FREE char *before = *line;

	*line = text_format("%s%*s%*s%s%*s", before, before[0] ? GAP : 0, "",
			    right ? (int)blanks : 0, "", cell, right || last ? 0 : (int)blanks, "");
}

static char *line_of(const struct grid *grid, const struct layout *layout, unsigned most,
		     char *const *cells)
{
	const size_t last = last_shown(grid, layout);
	char *line = text_copy("");
	size_t length;

	for (size_t i = 0; i <= last; i++) {
		const char *cell = cells ? cells[i] : grid->columns[i].head;
		const size_t used = width_of(line) + GAP;
		AUTO_FREE char *shown = NULL;

		if (!layout->shown[i])
			continue;
		shown = i == last && most ? cut(cell, most > used ? most - used : 1) :
					    text_copy(cell);
		add_cell(&line, shown, layout->width[i], grid->columns[i].right, i == last);
	}
	for (length = strlen(line); length && line[length - 1] == ' '; length--)
		line[length - 1] = '\0';
	return line;
}

char **grid_lines(const struct grid *grid, unsigned width)
{
	struct layout layout = { 0 };
	char **lines = NULL;

	lay_out(grid, width, &layout);
	list_append(&lines, line_of(grid, &layout, width, NULL));
	for (size_t i = 0; i < grid->height; i++)
		list_append(&lines, line_of(grid, &layout, width, grid->rows[i]));
	return lines;
}
