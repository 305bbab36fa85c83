/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine with the disks and cards that the guest gets, as the user has chosen. */
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
 * Reads the hardware under @root ("" for the running system). Returns 0, -ENODEV if the
 * machine lacks something that the guest needs, or -EINVAL if it does not have what
 * @config names. On failure the list @reasons gets a sentence for each. The caller calls
 * hardware_clear() in any case.
 */
int hardware_read(struct hardware *hardware, const char *root, const struct config *config,
		  char ***reasons);
void hardware_clear(struct hardware *hardware);

/* All warnings as one list, without disks_advice(). The caller frees.
 * (hardware_warnings.c) */
char **hardware_warnings(const struct hardware *hardware);

/*
 * For `p2vd --inventory`: reads the hardware and prints it in @format: "text", for people
 * (in 80 columns, unless names are long), or "json". @hostname: for the default name of
 * the guest, may be NULL. Returns the result of hardware_read(), whose reasons are
 * printed, too; or -ENOTSUP for another @format.
 */
int hardware_print(const char *root, const struct config *config, const char *hostname,
		   const char *format, FILE *file);

/*
 * One JSON object and a newline. Sizes are in bytes, speeds in Mbit/s and MT/s, offsets
 * in seconds; a member whose value is unknown is left out. @name: of the guest.
 * @reasons: of hardware_read(), or NULL. The caller frees.
 */
char *hardware_json(const struct hardware *hardware, const char *name, char *const *reasons);

#endif
