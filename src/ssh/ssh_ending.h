/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a script's answer on a stream: a mark with the script's exit status. What
 * follows the mark is not the script's: the login shell says it, for example by a trap on
 * EXIT in its start-up files. No I/O.
 */
#ifndef P2VD_SSH_ENDING_H
#define P2VD_SSH_ENDING_H

#include <stdbool.h>
#include <stddef.h>

/* The mark is this, a word that nobody can know beforehand, a dash, the exit status and a
 * line feed. It needs no line of its own. Its first character does not occur again in it. */
#define SSH_ENDING_MARK "@p2vd-ends-"
#define SSH_ENDING_WORD 32 /* characters */

struct ssh_ending {
	char mark[sizeof(SSH_ENDING_MARK) + SSH_ENDING_WORD + 1];
	size_t matched; /* how many bytes of the mark have come */
	bool over;      /* all of the mark has come */
	int status;     /* the script's exit status; -1: not known */
};

/* @word: of SSH_ENDING_WORD letters and digits. */
void ssh_ending_begin(struct ssh_ending *ending, const char *word);

/* Reads the next bytes of the stream. Gives those to @output that belong to the answer;
 * it keeps what may be the beginning of the mark. */
void ssh_ending_take(struct ssh_ending *ending, const char *data, size_t length,
		     void (*output)(void *user, const char *data, size_t length), void *user);

/* The stream has ended: what was kept belonged to the answer. */
void ssh_ending_flush(struct ssh_ending *ending,
		      void (*output)(void *user, const char *data, size_t length), void *user);

#endif
