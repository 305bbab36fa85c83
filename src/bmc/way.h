/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each way to a BMC can do. Each function returns 0, or -errno and a reason, which the caller
 * frees. Each waits until the BMC has answered: for seconds, or for minutes where the BMC makes a
 * task of it.
 */
#ifndef P2VD_BMC_WAY_H
#define P2VD_BMC_WAY_H

#include "bmc/power.h"

struct bmc_way {
	/* @login must live as long as *@session, which close() frees. */
	int (*open)(const struct bmc_login *login, void **session, char **reason);
	int (*ask)(void *session, enum bmc_power *power, char **reason);
	int (*boot_network)(void *session, char **reason); /* at the next start, once */
	int (*on)(void *session, char **reason);
	int (*shut_down)(void *session, char **reason); /* -EOPNOTSUPP: it cannot be asked to */
	int (*cut)(void *session, char **reason);
	void (*close)(void *session);
};

/* Constants; nobody frees them. */
const struct bmc_way *redfish_way(void);
const struct bmc_way *ipmi_way(void);

#endif
