/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which network cards the guest gets (all that the machine has, or those that the
 * user named), and which networks they join.
 */
#ifndef P2VD_NICS_H
#define P2VD_NICS_H

#include "machine/nic.h"

#include <stddef.h>

struct nics {
	struct nic *nic; /* in the order in which the guest will have them */
	size_t count;
	struct nic *wireless; /* left out: a guest cannot have a wireless card */
	size_t wireless_count;
	struct nic *management; /* left out: they lead to a management controller only */
	size_t management_count;
	char **warnings; /* sentences for people, NULL for none */
};

/*
 * Reads ROOT/sys/class/net: Ethernet and InfiniBand cards that are hardware, but
 * no wireless or mobile ones, nor a management controller's own. They are sorted by their
 * place in the machine (place.h): the kernel's order may change with every start.
 *
 * @wanted: the user's list; NULL: all cards, empty: none. Its order is kept, and it
 * may name other interfaces, such as a bond. Wireless cards and those of a management
 * controller that it does not name are listed in @nics->wireless and @nics->management.
 *
 * @network_map: p2v.network_map, a list of "interface:network" and at most one
 * "network" for all other interfaces, whose default is "default". The form was
 * checked with the parameters; an entry for an interface that the guest does not get is a
 * warning.
 *
 * Returns 0, or -errno with a sentence in @reason (the caller frees).
 */
int nics_find(const char *root, char *const *wanted, char *const *network_map, struct nics *nics,
	      char **reason);

/* Adds a warning for each of @macs, p2v.mac, whose MAC address no card of the guest has. */
void nics_judge_macs(struct nics *nics, char *const *macs);

/* The MAC address of the first card that has one, by its place in the machine; NULL if none has.
 * The caller frees. */
char *nics_first_mac(const char *root);

void nics_clear(struct nics *nics);

#endif
