/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Characters that look like those which separate and quote words, and are none: the quotes
 * and blanks of word processors, web pages and chat programs. A value that was copied from
 * there would be cut off at the wrong place without a word. No I/O.
 */
#ifndef P2VD_LOOK_ALIKE_H
#define P2VD_LOOK_ALIKE_H

/*
 * What is wrong with the first such character in @text, which it names: the rest of a
 * sentence, "holds U+00A0, …" (the caller frees). It quotes nothing else of @text. NULL if
 * there is none, or no @text. A byte alone that is not UTF-8 is read as Windows-1252.
 */
char *look_alike_judge(const char *text);

#endif
