/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machines switched on, to boot from the network once: "p2v-fleet start". */
#ifndef P2VD_STARTING_H
#define P2VD_STARTING_H

#include "roster/desk.h"

#include <systemd/sd-json.h>

/* Returns an exit code, or 128 and the number of the signal that ended it. */
int starting_run(const struct desk *desk);

/* Why the machine, as p2v-fleetd tells it, is not to be switched on; NULL: it is. */
const char *starting_refusal(sd_json_variant *machine);

#endif
