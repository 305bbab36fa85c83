/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words that clients have set, as a kernel command line of their own. */
#ifndef P2VD_CLIENT_WORDS_H
#define P2VD_CLIENT_WORDS_H

#include "cmdline/cmdline.h"
#include "config/config.h"

#include <stdbool.h>

/*
 * Changes @client by @words: each takes the place of an earlier one of its parameter, and one
 * without a value takes that back. @config: as it is now; with p2v.shell=no it locks parameters.
 * Returns 0, or -EINVAL after error messages for all that is wrong; @client then is to be thrown
 * away.
 */
int client_words_apply(struct cmdline *client, const struct cmdline *words,
		       const struct config *config);

/* Whether there are @words, and all of them are for the parameter @name. */
bool client_words_only(const struct cmdline *words, const char *name);

/* Adds the long names of their parameters to the list @names, where they are not in it. */
void client_words_note(const struct cmdline *words, char ***names);

#endif
