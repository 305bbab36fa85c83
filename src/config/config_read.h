/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user asked for, read from words by the table of parameters. */
#ifndef P2VD_CONFIG_READ_H
#define P2VD_CONFIG_READ_H

#include "cmdline/cmdline.h"
#include "config/config.h"

/* The defaults. The caller hands it to config_clear() in the end. */
void config_init(struct config *config);

/* Frees what @config owns, secrets wiped. */
void config_clear(struct config *config);

/*
 * Reads the p2v.* words among @words into @config, which holds the defaults.
 * Words that are not p2v.* are passed over; an unknown p2v.* word is a warning
 * with the nearest known name; a wrong value is an error that says what would
 * be right, and leaves the default. Of two words for one parameter the last
 * counts, and only that is judged: so the words of files stand before those of
 * the command line, and carry their line for the messages.
 *
 * Secrets are registered with secret_register() before the first message.
 * Warnings and errors are said by log_message(). Returns 0, or -EINVAL when
 * there was at least one error.
 */
int config_read(struct config *config, const struct cmdline *words);

/* The same for a kernel command line alone. */
int config_parse(struct config *config, const char *cmdline);

#endif
