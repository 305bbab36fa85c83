/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that is known of the machine, for people (inventory.c) and for programs
 * (inventory_json.c). Nothing is read here.
 */
#ifndef P2VD_INVENTORY_H
#define P2VD_INVENTORY_H

#include "inventory/hardware.h"

#include <stdio.h>

struct inventory {
	const char *name; /* the guest's */
	const struct hardware *hardware;
	char *const *reasons; /* sentences: why disks or cards are not all there; NULL for none */
};

/* Words and lines, for a terminal of 80 columns as far as names let them. */
void inventory_print(const struct inventory *inventory, FILE *file);

/*
 * One JSON object and a newline. Sizes are in bytes, speeds in Mbit/s and MT/s,
 * offsets in seconds; what is not known is not there. The caller frees.
 */
char *inventory_json(const struct inventory *inventory);

#endif
