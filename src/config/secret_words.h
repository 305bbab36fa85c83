/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of a kernel command line that hold secrets: parameters, as their
 * table has it, and those of dracut.cmdline(7) that log in to iSCSI targets.
 * Nobody else has a list of them: scripts ask p2vd --print-parameters=secrets.
 */
#ifndef P2VD_SECRET_WORDS_H
#define P2VD_SECRET_WORDS_H

#include "cmdline/cmdline.h"

#include <stdio.h>

/* Gives secret_register() what is secret in @words, also where a value is wrong,
 * a parameter's name misspelt, or another word of that name comes later. */
void secret_words_register(const struct cmdline *words);

/*
 * A copy of @log, which may hold the kernel command line; dmesg cuts and wraps
 * that as it likes, within a secret, too. Registered secrets become ***, and what
 * follows the name of a secret word is cut off to the end of its line; where only
 * a part of a value would be secret, only if it is there or could have been cut.
 * The caller frees.
 */
char *secret_words_redact(const char *log);

/*
 * One a line: the names, long and short, of parameters whose value is to be hidden
 * whole, the others' of dracut.cmdline(7), and then how words begin ("netroot=iscsi:")
 * in which all up to an @ is to be hidden.
 */
void secret_words_print(FILE *file);

#endif
