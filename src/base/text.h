/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocated text: formatting, what may stand in it, and NULL-terminated lists of strings.
 *
 * Memory that cannot be had ends the process (the daemon cannot convert a
 * machine without a few kilobytes, and systemd tells it): no caller checks.
 */
#ifndef P2VD_TEXT_H
#define P2VD_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* printf into new memory. The caller frees. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A copy of @text (NULL stays NULL), of its first @length bytes. The caller frees. */
char *text_copy(const char *text);
char *text_copy_length(const char *text, size_t length);

/*
 * UTF-8. The length of the character that @text begins with, 0 where it begins
 * with none (cut off, longer than need be, a surrogate, beyond U+10FFFF); and
 * whether such a character is a control one (C0, DEL or C1).
 */
size_t text_utf8_length(const char *text);
bool text_is_control(const char *text);

/* Leaves in @text what a terminal shows and does not obey: control characters
 * but the tab, and bytes that are no UTF-8, become a ? each. */
void text_make_plain(char *text);

/* Zeroed memory for @count things of @size bytes. The caller frees. */
void *text_zero(size_t count, size_t size);

/*
 * Lists of strings: NULL-terminated arrays, each string and the array owned by
 * the holder. NULL counts as an empty list everywhere.
 */
size_t list_length(char *const *list);
bool list_contains(char *const *list, const char *text);
void list_append(char ***list, char *text); /* takes @text over */
char **list_copy(char *const *list);
char *list_join(char *const *list, const char *separator); /* the caller frees */
void list_free(char **list);

static inline void cleanup_list(char ***list)
{
	list_free(*list);
}
#define AUTO_LIST __attribute__((cleanup(cleanup_list)))

#endif
