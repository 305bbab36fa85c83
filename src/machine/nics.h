/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which network cards the guest gets, and to which networks they go: all that
 * the machine has, or those that the user named.
 */
#ifndef P2VD_NICS_H
#define P2VD_NICS_H

#include "machine/nic.h"

#include <stddef.h>

struct nics {
	struct nic *nic; /* in the order in which the guest will have them */
	size_t count;
	struct nic *wireless; /* cards that the guest does not get, for there is no such thing */
	size_t wireless_count;
};

/*
 * Reads ROOT/sys/class/net: Ethernet and InfiniBand cards that have hardware
 * behind them, in the order in which they hang (place.h), for the kernel's own may
 * change with every start; wireless and mobile ones not.
 *
 * @wanted: the user's list, NULL for all, empty for none; its order is kept,
 * and an interface that would not be taken unasked (a bond) is taken. Wireless
 * ones that were not named are listed apart.
 *
 * @network_map: p2v.network_map, "interface:network" entries and at most one
 * bare "network" for the rest, which is "default" otherwise. Their form was
 * checked with the parameters; here, that the interfaces exist.
 *
 * Returns 0, or -errno with a sentence in @reason (the caller frees).
 */
int nics_find(const char *root, char *const *wanted, char *const *network_map, struct nics *nics,
	      char **reason);

void nics_clear(struct nics *nics);

#endif
