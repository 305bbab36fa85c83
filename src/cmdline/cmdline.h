/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel command line, split into words. No I/O.
 *
 * The kernel's own rules hold (next_arg() in its lib/cmdline.c): words end at
 * white space that does not stand within double quotes; a quote anywhere opens
 * or closes; one that begins the word or its value is dropped, and so is the
 * one at the word's end then; all others belong to the value.
 *
 * Two things are our own. A backslash before a quote (" or ') or another
 * backslash takes that character as it is: GRUB writes these escapes into every
 * command line that it hands on, and without them no value could hold a lone
 * quote. A backslash before anything else stands for itself, so a\b is a\b.
 * And the byte 0xa0, a blank to the kernel, is part of many letters in UTF-8.
 */
#ifndef P2VD_CMDLINE_H
#define P2VD_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

struct cmdline_word {
	char *name;  /* never empty */
	char *value; /* NULL for a bare word, "" for `name=` */
	unsigned line; /* of the file it stands in; 0: the command line */
	const char *file; /* which one, kept by who says so; NULL: the configuration file */
};

struct cmdline {
	struct cmdline_word *word;
	size_t count;
	bool unclosed; /* a quote was opened and never closed: the last word runs to the end */
};

/* Reads @length bytes; any bytes will do (NUL counts as white space). Words
 * without a name (`=x`) are passed over. cmdline_clear() in the end. */
void cmdline_split(struct cmdline *cmdline, const char *text, size_t length);

/* Puts the words of @more behind those of @cmdline; @more is empty then. */
void cmdline_append(struct cmdline *cmdline, struct cmdline *more);

/* Frees all words, wiped: any of them may be a secret. */
void cmdline_clear(struct cmdline *cmdline);

#endif
