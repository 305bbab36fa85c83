/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One network card, read from sysfs (Documentation/ABI/testing/sysfs-class-net
 * of the Linux kernel).
 */
#ifndef P2VD_NIC_H
#define P2VD_NIC_H

#include "machine/pci_names.h"

#include <stdbool.h>

enum nic_link { NIC_LINK_UNKNOWN, NIC_LINK_DOWN, NIC_LINK_UP };

struct nic {
	char *name;    /* "eno1" */
	char *mac; /* "52:54:00:12:34:56", lower case, the card's own; NULL where there is none */
	char *vendor, *model; /* for people; NULL where unknown */
	char *driver; /* NULL where unknown */
	enum nic_link link;
	unsigned speed; /* Mbit/s, 0 where unknown */
	char *network; /* the network of the conversion server's hypervisor it goes to; nics.c's */
};

/* Ethernet or InfiniBand with hardware behind it, wireless or not. */
bool nic_is_card(const char *root, const char *name);

/* By radio: wireless and mobile. */
bool nic_is_wireless(const char *root, const char *name);

/* The caller hands it to nic_clear(). @names: for vendor and model. */
struct nic nic_read(const char *root, const char *name, struct pci_names *names);

/* Link and speed again: a card that is down has none. */
void nic_read_link(const char *root, struct nic *nic);

void nic_clear(struct nic *nic);

#endif
