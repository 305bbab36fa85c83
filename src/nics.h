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
	struct nic *nic; /* in the kernel's order of index */
	size_t count;
};

/*
 * Reads ROOT/sys/class/net: what has hardware behind it, wireless cards not.
 * @wanted: the user's list, NULL for all. @network_map: p2v.network_map.
 * Returns 0, or -errno with a sentence in @reason (the caller frees).
 */
int nics_find(const char *root, char *const *wanted, char *const *network_map,
	      struct nics *nics, char **reason);

void nics_clear(struct nics *nics);

#endif
