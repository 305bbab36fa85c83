/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machines switched by their BMCs, many beside each other, and p2v-fleetd told of it. */
#ifndef P2VD_SWITCHING_H
#define P2VD_SWITCHING_H

#include "bmc/crew.h"
#include "bmc/power.h"
#include "roster/desk.h"
#include "roster/keys.h"

#include <stdbool.h>

#define SWITCHING_MOST 16 /* BMCs that are spoken to at the same time */

/* A machine that is to be switched. */
struct switched {
	char *mac, *name;
	struct bmc_login login;
};

struct switching {
	const struct desk *desk;
	struct keys *keys;
	struct switched *machine;
	size_t count;
};

/* What was found out of a machine, for p2v-fleetd, and for who asks for JSON: one of "power" and
 * "error" is given, the other NULL. @begun: it was switched on by us just now. */
void switching_tell(const struct desk *desk, const char *mac, const char *name, const char *power,
		    const char *error, bool begun);

/* "p2v-fleet off" and "p2v-fleet power". Each returns an exit code. */
int switching_off(const struct desk *desk);
int switching_ask(const struct desk *desk);

#endif
