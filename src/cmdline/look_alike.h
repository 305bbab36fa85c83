/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Characters that look like those which separate and quote words, and are none: the quotes
 * and blanks of word processors, web pages and chat programs. A value that was copied from
 * there would be cut off at the wrong place without a word. No I/O.
 */
#ifndef P2VD_LOOK_ALIKE_H
#define P2VD_LOOK_ALIKE_H

#include "cmdline/cmdline.h"

/*
 * What is wrong with the first such character in @text, which it names: the rest of a
 * sentence, "holds U+00A0, …" (the caller frees). It quotes nothing else of @text. NULL if
 * there is none, or no @text. A byte alone that is not UTF-8 is read as Windows-1252.
 */
char *look_alike_judge(const char *text);

/* The same for a name, in which every character is wrong that a keyboard for English has
 * not: the dash of a word processor, a letter of another script. */
char *look_alike_judge_name(const char *name);

/* @text with the characters of ASCII in place of those that look like them, and without
 * those that nobody sees. The caller frees. */
char *look_alike_plain(const char *text);

/*
 * How many bytes of @text, from its beginning, a reader may take for @name; 0 for none.
 * Capitals and separators (. - _) make no difference. A character outside of ASCII that looks
 * like none of ours may stand for any, but for no more than half of @name.
 */
size_t look_alike_length(const char *text, const char *name);

/*
 * Where the value of word @index begins with a quote that quotes nothing (' ` ´), and one
 * of the words behind it on the command line ends with the same: the rest of a sentence (the
 * caller frees). NULL for nothing.
 */
char *look_alike_judge_quotes(const struct cmdline *words, size_t index);

/* Whether @text is within two of these quotes. */
bool look_alike_is_quoted(const char *text);

/* The same for the dash before an option of a shell command: "systemctl –force reboot". */
char *look_alike_judge_command(const char *text);

#endif
