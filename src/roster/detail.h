/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that is known of one machine: what "p2v-fleet show" shows. */
#ifndef P2VD_DETAIL_H
#define P2VD_DETAIL_H

#include "roster/desk.h"

#include <systemd/sd-json.h>

/* Returns an exit code. */
int detail_show(const struct desk *desk);

/* The @machine as lines. The caller frees with list_free(). */
char **detail_lines(sd_json_variant *machine);

#endif
