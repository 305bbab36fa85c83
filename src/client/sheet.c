// SPDX-License-Identifier: GPL-2.0-or-later
/* A sheet: lines of a label and a value, for people. */
#include "client/sheet.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/paragraph.h"
#include "base/text.h"

#include <string.h>

#define LABEL_WIDTH 14

/* Adds the lines of @text, @indent columns from the left; in the first one @label stands there. */
static void add(char ***sheet, size_t indent, const char *label, const char *text)
{
	AUTO_LIST char **lines = paragraph_lines(text, SHEET_WIDTH - indent);

	for (char **line = lines; *line; line++)
		list_append(sheet,
			    text_format("%-*s%s", (int)indent, line == lines ? label : "", *line));
}

void sheet_add(char ***sheet, const char *label, const char *value)
{
	if (!value || !*value)
		return;
	if (strlen(label) >= LABEL_WIDTH) {
		list_append(sheet, text_copy(label));
		label = "";
	}
	add(sheet, LABEL_WIDTH, label, value);
}

void sheet_format(char ***sheet, const char *label, const char *format, ...)
{
	AUTO_FREE char *value = NULL;
	va_list arguments;

	va_start(arguments, format);
	value = text_format_arguments(format, arguments);
	va_end(arguments);
	sheet_add(sheet, label, value);
}

void sheet_words(char ***sheet, const char *label, const char *const *words, size_t count)
{
	AUTO_LIST char **known = NULL;
	AUTO_FREE char *joined = NULL;

	for (size_t i = 0; i < count; i++)
		if (words[i] && *words[i])
			list_append(&known, text_copy(words[i]));
	joined = list_join(known, ", ");
	sheet_add(sheet, label, joined);
}

void sheet_paragraph(char ***sheet, size_t indent, const char *text)
{
	add(sheet, indent, "", text);
}
