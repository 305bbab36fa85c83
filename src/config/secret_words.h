/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of a kernel command line that hold secrets: parameters, as their table
 * says, and words of dracut.cmdline(7) with the passwords of iSCSI targets. There is
 * no other list of them: scripts read p2vd --print-parameters=secrets.
 */
#ifndef P2VD_SECRET_WORDS_H
#define P2VD_SECRET_WORDS_H

#include "cmdline/cmdline.h"

#include <stdbool.h>
#include <stdio.h>

/* Passes all secrets in @words to secret_register(), also if the value is wrong, the
 * name misspelt, or the word overridden by a later one. */
void secret_words_register(const struct cmdline *words);

/* Whether an option NAME=VALUE of virt-v2v's output, or a URI of p2v.output.connection, has
 * a secret in it. */
bool secret_words_in_option(const char *option);
bool secret_words_in_uri(const char *uri);

/*
 * A copy of @log, a text that may hold the kernel command line. dmesg may cut that
 * anywhere, even within a secret. So besides registered secrets, which become ***,
 * everything from the value of a secret word to the end of the line is removed. Of a
 * URL only a part may be secret: it is removed if it has such a part, or may have been
 * cut before it. The caller frees.
 */
char *secret_words_redact(const char *log);

/*
 * One a line: the names, long and short, of all words whose value is to be hidden, and
 * then the beginnings of words ("netroot=iscsi:") in which everything up to an @ is to
 * be hidden.
 */
void secret_words_print(FILE *file);

#endif
