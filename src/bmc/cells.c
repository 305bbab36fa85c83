// SPDX-License-Identifier: GPL-2.0-or-later
/* The cells of a CSV file. */
#include "bmc/cells.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static const char ends[] = "\r\n"; /* old Macintosh systems have only the first */

void cells_begin(struct cells *cells, const char *text)
{
	*cells = (struct cells){ .at = text + text_mark(text, strlen(text)), .line = 1 };
}

static void skip_line(struct cells *cells)
{
	cells->at += strcspn(cells->at, ends);
	if (*cells->at)
		cells->line++;
	cells->at += cells->at[0] == '\r' && cells->at[1] == '\n' ? 2 : *cells->at != '\0';
}

/* Whether @line of @length bytes has a cell "mac", which makes it a header. */
static bool has_mac(const char *line, size_t length)
{
	AUTO_FREE char *text = text_copy_length(line, length);
	char *rest = text, *cell;

	while ((cell = strsep(&rest, ",;\t"))) {
		cell += strspn(cell, " \"");
		cell[strcspn(cell, " \"")] = '\0';
		if (!strcasecmp(cell, "mac"))
			return true;
	}
	return false;
}

/* Whether the line at hand is empty or a remark. It is none if it is a header whose first column
 * is a remark, or a row with a cell that may go on in the next line. */
static bool is_passed_over(struct cells *cells)
{
	const size_t length = strcspn(cells->at, ends);
	const char next[] = { cells->separator, '"', '\0' };
	AUTO_FREE char *line = text_copy_length(cells->at, length);

	if (strspn(line, " \t\v\f") == length)
		return true;
	if (!cells->headed && length == 5 && text_begins(line, "sep=")) {
		cells->separator = line[4]; /* for Excel */
		return true;
	}
	return *line == '#' &&
	       !(cells->headed ? strstr(line, next) != NULL : has_mac(line, length));
}

/* Reads a cell in quotes; @cells is behind the first of them. NULL: the last is missing. */
static char *read_quoted(struct cells *cells)
{
	const size_t most = strlen(cells->at);
	AUTO_FREE char *value = text_copy_length(cells->at, most);
	char *end = value;

	for (; *cells->at; cells->at++) {
		if (*cells->at == '"' && *++cells->at != '"') {
			*end = '\0';
			return text_copy(value);
		}
		cells->line += *cells->at == '\n';
		*end++ = *cells->at;
	}
	return NULL;
}

static char *read_bare(struct cells *cells)
{
	const char stop[] = { cells->separator, '\r', '\n', '\0' };
	size_t length;
	const char *start;

	start = cells->at;
	cells->at += strcspn(cells->at, stop);
	start += strspn(start, " \t");
	if (start > cells->at)
		start = cells->at;
	length = (size_t)(cells->at - start);
	while (length && strchr(" \t", start[length - 1]))
		length--;
	return text_copy_length(start, length);
}

int cells_next(struct cells *cells, char ***record, unsigned *line, char **reason)
{
	AUTO_LIST char **found = NULL;
	char *cell;

	while (*cells->at && is_passed_over(cells))
		skip_line(cells);
	if (!*cells->at)
		return 0;
	*line = cells->line;
	if (!cells->separator) {
		const char *first = cells->at + strcspn(cells->at, ",;\t\r\n");

		cells->separator = *first && !strchr(ends, *first) ? *first : ',';
	}
	for (;;) {
		if (*cells->at == '"') {
			cells->at++;
			cell = read_quoted(cells);
		} else {
			cell = read_bare(cells);
		}
		if (!cell)
			return REFUSE(reason, EINVAL,
				      "line %u: a double quote is opened and never closed", *line);
		list_append(&found, cell);
		if (*cells->at != cells->separator)
			break;
		cells->at++;
	}
	if (*cells->at && !strchr(ends, *cells->at))
		return REFUSE(reason, EINVAL,
			      "line %u: text after a closing quote: within quotes, write a quote twice",
			      cells->line);
	if (*cells->at)
		skip_line(cells);
	cells->headed = true;
	*record = steal(found);
	return 1;
}
