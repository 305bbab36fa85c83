/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of strings: NULL-terminated arrays, each string and the array owned by
 * the holder. NULL counts as an empty list everywhere.
 */
#ifndef P2VD_LIST_H
#define P2VD_LIST_H

#include <stdbool.h>
#include <stddef.h>

size_t list_length(char *const *list);
bool list_contains(char *const *list, const char *text);
void list_append(char ***list, char *text); /* from then on @list owns @text */
char **list_copy(char *const *list);
char *list_join(char *const *list, const char *separator); /* the caller frees */
void list_free(char **list); /* wipes the strings, too: they may be secret */

static inline void cleanup_list(char ***list)
{
	list_free(*list);
}
#define AUTO_LIST __attribute__((cleanup(cleanup_list)))

#endif
