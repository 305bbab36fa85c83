// SPDX-License-Identifier: GPL-2.0-or-later
/* Allocated text and lists of it. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *need(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

void *text_zero(size_t count, size_t size)
{
	return need(calloc(count ? count : 1, size));
}

char *text_format(const char *format, ...)
{
	char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	return need(text);
}

char *text_copy(const char *text)
{
	return text ? need(strdup(text)) : NULL;
}

char *text_copy_length(const char *text, size_t length)
{
	size_t used = strnlen(text, length);
	char *copy = text_zero(used + 1, 1);

	memcpy(copy, text, used);
	return copy;
}

size_t list_length(char *const *list)
{
	size_t length = 0;

	while (list && list[length])
		length++;
	return length;
}

bool list_contains(char *const *list, const char *text)
{
	for (; list && *list; list++)
		if (!strcmp(*list, text))
			return true;
	return false;
}

void list_append(char ***list, char *text)
{
	size_t length = list_length(*list);

	*list = need(reallocarray(*list, length + 2, sizeof(char *)));
	(*list)[length] = text;
	(*list)[length + 1] = NULL;
}

char **list_copy(char *const *list)
{
	char **copy = NULL;

	for (; list && *list; list++)
		list_append(&copy, text_copy(*list));
	return copy;
}

char *list_join(char *const *list, const char *separator)
{
	char *joined = NULL;
	size_t size = 0;
	FILE *stream = need(open_memstream(&joined, &size));

	for (size_t i = 0; list && list[i]; i++)
		fprintf(stream, "%s%s", i ? separator : "", list[i]);
	fclose(stream);
	return need(joined);
}

void list_free(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}
