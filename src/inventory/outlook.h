/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a conversion of the machine would fail for, as far as that shows before it is begun. */
#ifndef P2VD_OUTLOOK_H
#define P2VD_OUTLOOK_H

#include "config/config.h"
#include "inventory/hardware.h"

#define OUTLOOK "will fail because "

/* Sentences that begin with OUTLOOK; NULL: what is on the disks speaks against nothing. The caller
 * frees. */
char **outlook(const struct hardware *hardware, const struct config *config);

/* The bytes of all disks together, and how many of these are used: all of a disk without a map. */
void outlook_bytes(const struct disks *disks, uint64_t *size, uint64_t *used);

#endif
