// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of strings. */
#include "base/list.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

	*list = memory_resize(*list, length + 2, sizeof(**list));
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
	FILE *stream = memory_need(open_memstream(&joined, &size));

	for (size_t i = 0; list && list[i]; i++)
		fprintf(stream, "%s%s", i ? separator : "", list[i]);
	if (fclose(stream) < 0)
		abort();
	return joined;
}

void list_free(char **list)
{
	for (size_t i = 0; list && list[i]; i++) {
		explicit_bzero(list[i], strlen(list[i]));
		free(list[i]);
	}
	free(list);
}
