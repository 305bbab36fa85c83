/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All machines at a glance: what "p2v-fleet list" shows, and the table that "watch" draws. */
#ifndef P2VD_OVERVIEW_H
#define P2VD_OVERVIEW_H

#include "roster/desk.h"

#include <systemd/sd-json.h>

/* Returns an exit code. */
int overview_list(const struct desk *desk);

/* The machines of the @document, what goes wrong first, as lines of at most @width characters
 * (0: any). The caller frees with list_free(). */
char **overview_lines(sd_json_variant *document, unsigned width);

/* The same of what inventory runs have found. */
char **overview_inventory(sd_json_variant *document, unsigned width);

#endif
