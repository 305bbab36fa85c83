/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the image's owner has put into it (p2v-customize(8)) for all machines
 * that boot from it, in /etc/p2vd:
 *
 *   parameters       p2v.* words, in a file like that of p2v.config (config_file.h);
 *                    p2v.config may be among them
 *   identity         the private key if neither p2v.identity nor p2v.password is
 *                    given
 *   pre, post, fail  run if p2v.pre, p2v.post or p2v.fail is not given
 *
 * The command line overrides the file that p2v.config names; that overrides these, and
 * these override p2vd's own defaults.
 */
#ifndef P2VD_DEFAULTS_H
#define P2VD_DEFAULTS_H

#include "config/config.h"

#define DEFAULTS_DIRECTORY "/etc/p2vd"

/*
 * Sets the whole @config, initialised or not: from the words in @directory, those of
 * @file (NULL for none), those of @cmdline, and those of @client, a client of the daemon
 * (NULL for none). Messages are as from
 * config_read(). Returns 0, or -EINVAL when something is wrong; @config then has what
 * is right. If a file in @directory cannot be read, or p2v.config names one and @file is
 * NULL, that file may have forbidden the shell: then only @cmdline can allow it.
 */
int defaults_config(struct config *config, const char *directory, const struct cmdline *file,
		    const char *cmdline, const struct cmdline *client);

/*
 * Judges the file of parameters @path, more strictly than a machine would: an unknown
 * name is an error. Messages go to log_message(); what the file sets is printed to
 * @stream as by config_print(). Returns 0 or -EINVAL.
 */
int defaults_check(const char *path, FILE *stream);

#endif
