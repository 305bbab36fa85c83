/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * By what a machine knows its own conversion again, after it was reset: what no other
 * machine has, all of it.
 */
#ifndef P2VD_MACHINE_IDENTITY_H
#define P2VD_MACHINE_IDENTITY_H

#include "inventory/hardware.h"

/*
 * A line for the UUID, each MAC address and each disk's serial number, sorted, without a
 * line feed at its end. NULL where one of them is unknown: then no machine is taken for
 * this one. The caller frees.
 */
char *machine_identity(const struct hardware *hardware);

#endif
