/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which BMC each machine has: the columns bmc, bmc_user and bmc_kind of p2v-pxe's list of
 * machines, or of a file of the same form beside it.
 */
#ifndef P2VD_BMCS_H
#define P2VD_BMCS_H

#include <stdbool.h>
#include <stddef.h>

struct bmc {
	char *mac;     /* "52:54:00:12:34:56" */
	char *name;    /* of the machine; NULL: none */
	char *address; /* as it is written in the list */
	char *user;    /* NULL: none */
	bool ipmi;     /* by ipmitool, else by Redfish */
	bool uefi;     /* ipmi: the machine's firmware is UEFI */
	bool unchecked; /* Redfish: any certificate will do */
};

/* Begins with zeros. */
struct bmcs {
	struct bmc *bmc;
	size_t count;
};

/* @text as "52:54:00:12:34:56"; it may have : - . or nothing between. NULL: it is no address of a
 * card. The caller frees. */
char *bmc_mac(const char *text);

/*
 * Adds the machines of @text that have a BMC. What is known of a machine already is replaced.
 * Returns 0, or -EINVAL and a reason that begins with the line.
 */
int bmcs_read(struct bmcs *bmcs, const char *text, char **reason);

/* That of the machine; NULL: it has none. */
const struct bmc *bmcs_find(const struct bmcs *bmcs, const char *mac);

void bmcs_clear(struct bmcs *bmcs);

#endif
