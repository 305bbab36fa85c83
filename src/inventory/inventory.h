/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inventory of the machine, as text for people (inventory.c) and as JSON for
 * programs (inventory_json.c). No I/O but the printing.
 */
#ifndef P2VD_INVENTORY_H
#define P2VD_INVENTORY_H

#include "inventory/hardware.h"

#include <stdio.h>

struct inventory {
	const char *name; /* of the guest */
	const struct hardware *hardware;
	char *const *reasons; /* of hardware_read(), or NULL */
};

/* For a terminal of 80 columns; long names may make longer lines. */
void inventory_print(const struct inventory *inventory, FILE *file);

/*
 * One JSON object and a newline. Sizes are in bytes, speeds in Mbit/s and MT/s,
 * offsets in seconds; a member whose value is unknown is left out. The caller frees.
 */
char *inventory_json(const struct inventory *inventory);

#endif
