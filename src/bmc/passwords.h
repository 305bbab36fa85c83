/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The passwords of BMCs: a file that nobody but its owner may read. A line is a MAC address, a
 * machine's name, a BMC's address or "all", blanks, and the password, which may have blanks, too.
 */
#ifndef P2VD_PASSWORDS_H
#define P2VD_PASSWORDS_H

#include "bmc/bmcs.h"

#include <stddef.h>

struct passwords;

/* What @text says; a reason names the line. */
int passwords_parse(const char *text, struct passwords **passwords, char **reason);

/*
 * Reads the file. Returns 0, or -errno and a reason: -EPERM others may read it. All passwords
 * are registered as secrets.
 */
int passwords_read(const char *path, struct passwords **passwords, char **reason);

/* That of the BMC, or NULL. The line that says most wins: MAC, name, address, all. */
const char *passwords_find(const struct passwords *passwords, const struct bmc *bmc);

void passwords_free(struct passwords *passwords); /* NULL is fine */

#endif
