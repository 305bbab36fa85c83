/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A paragraph: a text broken into lines that fit on a screen. */
#ifndef P2VD_PARAGRAPH_H
#define P2VD_PARAGRAPH_H

#include <stddef.h>

/*
 * @text broken at blanks into lines of at most @width characters of UTF-8. No word is cut: one
 * that is longer gets a line of its own. Blanks at the end of a line are left out. Returns
 * one line at least; the caller frees with list_free().
 */
char **paragraph_lines(const char *text, size_t width);

#endif
