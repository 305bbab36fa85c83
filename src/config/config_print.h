/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user asked for, printed by the table of parameters. */
#ifndef P2VD_CONFIG_PRINT_H
#define P2VD_CONFIG_PRINT_H

#include "cmdline/cmdline.h"
#include "config/config.h"

#include <stdio.h>

/* `name value` per line, long names without `p2v.`, lists separated by blanks,
 * memory in bytes, secrets as ***; the name alone where there is no value. */
void config_print(const struct config *config, FILE *file);

/* The same for those alone that @words give. */
void config_print_given(const struct config *config, const struct cmdline *words, FILE *file);

#endif
