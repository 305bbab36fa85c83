/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file that p2v.config names: splits it into words. No I/O. The parameters in
 * an image (defaults.h) are such a file, too.
 *
 * One p2v.* word a line, written as on the command line (cmdline.h). Empty lines are
 * ignored, and so is what follows a # at the beginning of a line or behind the word.
 * The file is UTF-8; its lines end as on Unix or on DOS.
 *
 * Any other file is refused as a whole, so that nothing is read out of a web server's
 * error page or a kernel image.
 */
#ifndef P2VD_CONFIG_FILE_H
#define P2VD_CONFIG_FILE_H

#include "cmdline/cmdline.h"

#define CONFIG_FILE_SIZE_MAX 65536 /* bytes */
#define CONFIG_FILE_WORDS_MAX 512

/*
 * Reads @length bytes, whatever they are. A p2v.config among them is accepted only
 * with @may_name. Returns 0 and the words in @words, each with its line (the caller
 * frees by cmdline_clear()); or -EINVAL and in @reason (the caller frees) the rest of
 * a sentence that begins with the file's name, without anything out of the file but a
 * character that looks like a quote (look_alike.h).
 */
int config_file_read(struct cmdline *words, const char *data, size_t length, bool may_name,
		     char **reason);

#endif
