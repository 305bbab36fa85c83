/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sheet: lines of a label and a value, for people. All of it fits into 80 columns, except
 * for a word that is longer. A sheet is a list (list.h), which begins as NULL.
 */
#ifndef P2VD_SHEET_H
#define P2VD_SHEET_H

#include <stddef.h>

#define SHEET_WIDTH 79 /* columns; the 80th would move the cursor of some terminals on */

/* Adds @value behind @label, in several lines if it is long. NULL or "" adds nothing. */
void sheet_add(char ***sheet, const char *label, const char *value);

/* Likewise; makes @value and frees it. */
void sheet_format(char ***sheet, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds those of @words that are neither NULL nor "", with commas between them. */
void sheet_words(char ***sheet, const char *label, const char *const *words, size_t count);

#define SHEET_WORDS(sheet, label, ...)                                  \
	sheet_words(sheet, label, (const char *const[]){ __VA_ARGS__ }, \
		    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* Adds @text as a paragraph of its own, each of its lines behind @indent blanks. */
void sheet_paragraph(char ***sheet, size_t indent, const char *text);

#endif
