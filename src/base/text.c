// SPDX-License-Identifier: GPL-2.0-or-later
/* Allocated text, what may stand in it, and lists of it. */
#include "base/text.h"

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

size_t text_utf8_length(const char *text)
{
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = *bytes < 0x80 ? 1 :
			*bytes < 0xc2 ? 0 :
			*bytes < 0xe0 ? 2 :
			*bytes < 0xf0 ? 3 :
			*bytes < 0xf5 ? 4 :
					0;
	unsigned code = length > 1 ? *bytes & (0x7f >> length) : *bytes;

	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (bytes[i] & 0x3f);
	}
	if (length > 1 &&
	    (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)))
		return 0;
	return length;
}

bool text_is_control(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;

	/* C0 and DEL, and C1, which is 0xc2 0x80 to 0x9f in UTF-8. */
	return *bytes < ' ' || *bytes == 0x7f || (*bytes == 0xc2 && bytes[1] < 0xa0);
}

void text_make_plain(char *text)
{
	char *end = text;

	for (size_t length; *text; text += length ? length : 1) {
		length = text_utf8_length(text);
		if (!length || (text_is_control(text) && *text != '\t'))
			*end++ = '?';
		else
			for (size_t i = 0; i < length; i++)
				*end++ = text[i];
	}
	*end = '\0';
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
