/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine with the disks and cards that the guest gets, as the user wants them. */
#ifndef P2VD_HARDWARE_H
#define P2VD_HARDWARE_H

#include "config/config.h"
#include "disks/disks.h"
#include "machine/machine.h"
#include "machine/nics.h"

#include <stdio.h>

struct hardware {
	struct machine machine;
	struct disks disks;
	struct nics nics;
};

/*
 * Reads what there is under @root ("" for the running system). Returns 0; -ENODEV when
 * the machine lacks something that the guest needs; -EINVAL when it does not have what
 * @config names. Then each thing that is missing is a sentence in @reasons, a list. The
 * caller hands @hardware to hardware_clear() in any case.
 */
int hardware_read(struct hardware *hardware, const char *root, const struct config *config,
		  char ***reasons);
void hardware_clear(struct hardware *hardware);

/*
 * What `p2vd --inventory` does: reads the hardware and prints it as @format says, "text"
 * or "json". @hostname: for the guest's name, may be NULL. Returns as hardware_read(),
 * what is missing being told in what it prints; or -ENOTSUP for another @format.
 */
int hardware_print(const char *root, const struct config *config, const char *hostname,
		   const char *format, FILE *file);

#endif
