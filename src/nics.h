/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's network cards, read from sysfs
 * (Documentation/ABI/testing/sysfs-class-net of the Linux kernel).
 */
#ifndef P2VD_NICS_H
#define P2VD_NICS_H

#include <stddef.h>

struct nic {
	char *name;    /* "eno1" */
	char *mac;     /* "52:54:00:12:34:56", lower case; NULL where there is none */
	char *driver;  /* NULL where unknown */
	char *network; /* the network of the conversion server's hypervisor it goes to */
};

struct nics {
	struct nic *nic; /* in the order in which the guest will have them */
	size_t count;
};

/*
 * Reads ROOT/sys/class/net: Ethernet and InfiniBand cards that have hardware
 * behind them, in the kernel's order; wireless and mobile ones not.
 *
 * @wanted: the user's list, NULL for all, empty for none; its order is kept,
 * and an interface that would not be taken unasked (a bond) is taken.
 *
 * @network_map: p2v.network_map, "interface:network" entries and at most one
 * bare "network" for the rest, which is "default" otherwise. Their form was
 * checked with the parameters; here, that the interfaces exist.
 *
 * Returns 0, or -errno with a sentence in @reason (the caller frees).
 */
int nics_find(const char *root, char *const *wanted, char *const *network_map,
	      struct nics *nics, char **reason);

void nics_clear(struct nics *nics);

#endif
