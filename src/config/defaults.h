/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the image's owner has put into it (p2v-customize(8)) for all machines
 * that are booted from it, in /etc/p2vd:
 *
 *   parameters       p2v.* words, a file as p2v.config names one (config_file.h);
 *                    p2v.config may stand among them
 *   identity         the private key when neither p2v.identity nor p2v.password
 *                    is given
 *   pre, post, fail  what p2v.pre, p2v.post and p2v.fail run when they are not given
 *
 * From weak to strong: what p2vd itself has for a default, these, the file that
 * p2v.config names, the command line.
 */
#ifndef P2VD_DEFAULTS_H
#define P2VD_DEFAULTS_H

#include "config/config.h"

#define DEFAULTS_DIRECTORY "/etc/p2vd"

/*
 * The whole configuration into @config, which need not be initialised: the
 * words in @directory, those of @file (emptied; NULL for none), those of
 * @cmdline. Messages are said as by config_read(). Returns 0, or -EINVAL when
 * something is wrong; @config is as far then as the rest goes. A file in
 * @directory that cannot be read at all also takes the shell away, for that may
 * be what stood in it.
 */
int defaults_config(struct config *config, const char *directory, struct cmdline *file,
		    const char *cmdline);

/*
 * Judges @path, which is to be such a file of parameters, more strictly than a
 * machine would: an unknown name is an error. Says what is wrong with it by
 * log_message(), prints to @stream the name and value of what it sets, secrets
 * as ***. Returns 0 or -EINVAL.
 */
int defaults_check(const char *path, FILE *stream);

#endif
