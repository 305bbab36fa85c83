/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `p2vd --inventory` does: reads the machine and prints it. */
#ifndef P2VD_HARDWARE_H
#define P2VD_HARDWARE_H

#include "config/parameters.h"

#include <stdio.h>

/*
 * Reads the machine under @root ("" for the running system), its disks and
 * cards as @config wants them, and prints it as @format says: "text" or "json".
 * @hostname: for the guest's name, may be NULL.
 *
 * Returns 0; -ENOTSUP for another @format; another -errno when something that
 * the guest needs is not there, which is told in what it prints.
 */
int hardware_print(const char *root, const struct config *config, const char *hostname,
		   const char *format, FILE *file);

#endif
