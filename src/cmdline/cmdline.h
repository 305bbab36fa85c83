/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel command line, split into words. No I/O.
 *
 * The rules are the kernel's (next_arg() in its lib/cmdline.c): a word ends at
 * white space outside double quotes. A quote anywhere opens or closes. A quote
 * at the beginning of the word or of its value is removed, together with the one
 * at the word's end; all other quotes are part of the value.
 *
 * Two rules are our own. A backslash before a quote (" or ') or another backslash
 * is removed, and that character is part of the value: GRUB writes these escapes
 * into every command line that it passes on, and without them no value could hold
 * a single quote mark. Any other backslash is an ordinary character: a\b is a\b.
 * And the byte 0xa0, white space to the kernel, is part of many letters in UTF-8.
 */
#ifndef P2VD_CMDLINE_H
#define P2VD_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

#define CMDLINE_MOST 65536 /* bytes; the kernel's own limit is 2048 on x86 */

struct cmdline_word {
	char *name;  /* never empty */
	char *value; /* NULL for a bare word, "" for `name=` */
	bool gap;    /* a bare word with a blank and an = behind it: `name =x` */
	unsigned line; /* of the file it comes from; 0: the command line */
	const char *file; /* its path, which the caller keeps; NULL: the configuration file */
	bool of_client; /* a client of the daemon has given it, and line is 0 */
	bool assumed; /* nobody has given it: it stands for words that could not be read */
};

struct cmdline {
	struct cmdline_word *word;
	size_t count;
	bool unclosed; /* a quote was never closed: the last word goes on to the end */
};

/* Reads @length bytes, whatever they are (NUL counts as white space). Words without
 * a name (`=x`) are only noted as a gap. The caller frees by cmdline_clear(). */
void cmdline_split(struct cmdline *cmdline, const char *text, size_t length);

/* Moves the words of @more behind those of @cmdline. */
void cmdline_append(struct cmdline *cmdline, struct cmdline *more);

/* Appends copies of all words of @more. */
void cmdline_append_copy(struct cmdline *cmdline, const struct cmdline *more);

/* Wipes and frees all words: any of them may be a secret. */
void cmdline_clear(struct cmdline *cmdline);

#endif
