/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of the fleet, to hand on: what "p2v-fleet report" prints. */
#ifndef P2VD_SUMMARY_H
#define P2VD_SUMMARY_H

#include "roster/desk.h"

#include <systemd/sd-json.h>

/* Returns an exit code. */
int summary_report(const struct desk *desk);

/* The @document of all machines as lines. The caller frees with list_free(). */
char **summary_lines(sd_json_variant *document, unsigned width);

#endif
