/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file that p2v.config names: its bytes to words. No I/O. The parameters
 * that an image carries (defaults.h) are such a file, too.
 *
 * One p2v.* word a line, written as on the command line (cmdline.h). Empty
 * lines are passed over, and what follows a # at a line's beginning or behind
 * its word. The file is UTF-8, its lines may end as Unix or DOS have it.
 *
 * Anything else is not taken for a configuration, so that a web server's error
 * page or a kernel image is never half obeyed.
 */
#ifndef P2VD_CONFIG_FILE_H
#define P2VD_CONFIG_FILE_H

#include "cmdline/cmdline.h"

#define CONFIG_FILE_SIZE_MAX 65536 /* bytes */
#define CONFIG_FILE_WORDS_MAX 512

/*
 * Reads @length bytes; any bytes will do. A p2v.config among them is taken only
 * when the file @may_name another one. Returns 0 and the words in @words,
 * each with its line (cmdline_clear() in the end); or -EINVAL with a sentence
 * in @reason (the caller frees), fit to stand behind "'URL' " and never holding
 * anything of the file.
 */
int config_file_read(struct cmdline *words, const char *data, size_t length, bool may_name,
		     char **reason);

#endif
