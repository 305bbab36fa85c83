/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Switching a machine on and off by its BMC. These functions wait for the BMC, which may take
 * minutes: call them in a process of their own (crew.h).
 */
#ifndef P2VD_BMC_POWER_H
#define P2VD_BMC_POWER_H

#include "bmc/bmcs.h"

enum bmc_power { BMC_UNKNOWN, BMC_ON, BMC_OFF };

/* How a BMC is spoken to. */
struct bmc_login {
	const struct bmc *bmc;
	const char *password;    /* secret */
	const char *authorities; /* a PEM file for Redfish's certificates, or NULL: the system's */
};

/* "on", "off" and "unknown", as p2v-fleetd has them. */
const char *bmc_power_text(enum bmc_power power);

/* Each returns 0, or -errno and a reason. */
int bmc_ask(const struct bmc_login *login, enum bmc_power *power, char **reason);

/* Has the machine boot once from the network, switches it on, and waits until it is on.
 * -EALREADY: it is on, and nothing was changed. */
int bmc_switch_on(const struct bmc_login *login, char **reason);

/*
 * Asks the machine to shut down, waits @grace seconds for it, then cuts its power, and waits until
 * it is off. 0 seconds: does not ask. @forced: whether the power was cut.
 */
int bmc_switch_off(const struct bmc_login *login, unsigned grace, bool *forced, char **reason);

#endif
