// SPDX-License-Identifier: GPL-2.0-or-later
/* A paragraph: a text broken into lines that fit on a screen. */
#include "base/paragraph.h"

#include "base/list.h"
#include "base/text.h"

#include <string.h>

/* The number of bytes of the words of @text that fit into a line, of the first one in any case. */
static size_t line_length(const char *text, size_t width)
{
	size_t fits = 0, columns = 0, i = 0;

	do {
		for (; text[i] == ' '; i++)
			columns++;
		for (; text[i] && text[i] != ' '; i++)
			columns += (text[i] & 0xc0) != 0x80;
		if (columns > width && fits)
			break;
		fits = i;
	} while (text[i]);
	return fits;
}

/* @length bytes of @text, without the blanks at their end. */
static char *trimmed(const char *text, size_t length)
{
	while (length && text[length - 1] == ' ')
		length--;
	return text_copy_length(text, length);
}

char **paragraph_lines(const char *text, size_t width)
{
	char **lines = NULL;

	do {
		size_t length = line_length(text, width);

		list_append(&lines, trimmed(text, length));
		text += length;
		text += strspn(text, " ");
	} while (*text);
	return lines;
}
