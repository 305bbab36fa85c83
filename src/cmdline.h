/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel command line, split into words. No I/O.
 *
 * Words are split as the kernel does it: at white space, unless it stands
 * within double quotes; the quotes around a value (name="a b") or around a
 * whole word ("name=a b") are dropped, others belong to the value.
 *
 * Unlike the kernel, a backslash before a quote or another backslash takes
 * that character as it is. GRUB writes these escapes into every command line
 * that it hands on, and without them no value could hold a lone quote.
 */
#ifndef P2VD_CMDLINE_H
#define P2VD_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

struct cmdline_word {
	char *name;  /* never empty */
	char *value; /* NULL for a bare word, "" for `name=` */
};

struct cmdline {
	struct cmdline_word *word;
	size_t count;
	bool unclosed; /* a quote was opened and never closed: the last word runs to the end */
};

/* Reads @length bytes; any bytes will do (NUL counts as white space). Words
 * without a name (`=x`) are passed over. cmdline_clear() in the end. */
void cmdline_split(struct cmdline *cmdline, const char *text, size_t length);

/* Frees all words, wiped: any of them may be a secret. */
void cmdline_clear(struct cmdline *cmdline);

#endif
