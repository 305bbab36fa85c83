/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fleet, watched until no machine is on its way any more: "p2v-fleet watch". */
#ifndef P2VD_WATCHING_H
#define P2VD_WATCHING_H

#include "roster/desk.h"

/* Returns an exit code. */
int watching_run(const struct desk *desk);

#endif
