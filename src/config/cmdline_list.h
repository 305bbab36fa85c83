/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many command lines, each judged as a machine would judge it: for a program that writes
 * those of a fleet, and shall not start p2vd for every one. */
#ifndef P2VD_CMDLINE_LIST_H
#define P2VD_CMDLINE_LIST_H

#include <stdio.h>

#define CMDLINE_LIST_MOST 67108864 /* bytes */

/*
 * Judges each line of @list as defaults_config() with @directory does. Prints lines of
 * three words to @stream: the number of the command line (the first has 1), a kind,
 * and a text:
 *
 *   error, warning, notice   a message, as from config_read()
 *   secret                   the name of a parameter whose value, or a part of it, is
 *                            secret; only if there is no error
 *   end                      the last line, without a text; its number is the number of
 *                            command lines
 *
 * No secret is printed. Returns 0, or -EINVAL if there was an error.
 */
int cmdline_list_judge(const char *list, size_t length, const char *directory, FILE *stream);

/* The same for what can be read from @fd, a file or a pipe. If it cannot be read, or is
 * longer than CMDLINE_LIST_MOST, there is a message and no "end". */
int cmdline_list_read(int fd, const char *directory, FILE *stream);

#endif
