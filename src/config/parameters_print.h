/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of parameters for other readers. */
#ifndef P2VD_PARAMETERS_PRINT_H
#define P2VD_PARAMETERS_PRINT_H

#include <stdio.h>

/*
 * "names" is all names, one a line, long ones before their short ones, "man" is
 * p2v.parameters(7), "completion" is p2vd's for bash, "secrets" is what
 * secret_words_print() prints. Returns 0, or -EINVAL for another @format.
 */
int parameters_print(FILE *file, const char *format);

#endif
