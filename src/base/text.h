/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocated text, and checks of its characters. As in memory.h, no caller checks
 * whether there is memory. */
#ifndef P2VD_TEXT_H
#define P2VD_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* printf and vprintf into new memory. The caller frees. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *text_format_arguments(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));

/* A copy of @text (NULL stays NULL), or of at most its first @length bytes. The
 * caller frees. */
char *text_copy(const char *text);
char *text_copy_length(const char *text, size_t length);

/*
 * The number of bytes of the UTF-8 character that @text begins with. 0 if there is
 * no valid one: it is cut off, encoded in too many bytes, a surrogate or beyond
 * U+10FFFF. text_is_control() tells whether it is C0, DEL or C1.
 */
size_t text_utf8_length(const char *text);
bool text_is_control(const char *text);

/* Returns the length of the byte order mark that @data begins with, or 0. Editors of Windows
 * write one before UTF-8. It is no part of the text. */
size_t text_mark(const char *data, size_t length);

/* Whether @data is UTF-16 in either byte order, with a mark or with an ASCII character first. */
bool text_is_utf16(const char *data, size_t length);

/* Makes @text safe to show on a terminal: each control character but the tab, and
 * each byte that is not UTF-8, becomes ?. */
void text_make_plain(char *text);

/* Whether @text begins with @prefix. */
bool text_begins(const char *text, const char *prefix);

/* Whether all of @text is ASCII letters, digits and characters of @others. */
bool text_is_alphanumeric(const char *text, const char *others);

/* 1 for yes (1 true yes on, in any case), 0 for no (0 false no off), -1 for neither. */
int text_boolean(const char *text);

/* How alike two names are: the number of letters to add, drop, change or swap. */
size_t text_distance(const char *one, const char *other);

/*
 * The name that @name is most like, of @known(0), @known(1) and so on up to a NULL;
 * NULL when too many letters differ, a third of them and more.
 */
const char *text_nearest(const char *name, const char *(*known)(size_t index));

/* A number of bytes for people, "40.0 GiB". The caller frees. */
char *text_bytes(uint64_t bytes);

/* A time for people, "4:49" or "1:04:49". The caller frees. */
char *text_duration(uint64_t seconds);

/* Sets *@reason to a formatted sentence. The value is -@error. */
#define REFUSE(reason, error, ...) (*(reason) = text_format(__VA_ARGS__), -(error))

#endif
