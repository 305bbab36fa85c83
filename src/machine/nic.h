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
	char *mac; /* "52:54:00:12:34:56", lower case, as burnt into the card; NULL where unknown, or made up by the kernel */
	char *vendor, *model; /* for people; NULL where unknown */
	char *driver; /* NULL where unknown */
	enum nic_link link;
	unsigned speed; /* Mbit/s, 0 where unknown */
	char *network; /* the hypervisor's network that the guest's card joins; set in nics.c */
};

/* Whether it is a hardware card, Ethernet or InfiniBand. Wireless cards count, too. */
bool nic_is_card(const char *root, const char *name);

/* Whether it uses radio: WLAN or mobile network. */
bool nic_is_wireless(const char *root, const char *name);

/* Whether it leads over USB to the machine's own management controller (BMC: iDRAC, XClarity …),
 * and to nothing else. Every machine of such a kind may have the same MAC address there. */
bool nic_is_management(const char *root, const char *name);

/* Its MAC address (struct nic), NULL where unknown. The caller frees. */
char *nic_mac(const char *root, const char *name);

/* @names: to look up vendor and model. The caller calls nic_clear(). */
struct nic nic_read(const char *root, const char *name, struct pci_names *names);

/* Reads link and speed again: they are unknown while the interface is down. */
void nic_read_link(const char *root, struct nic *nic);

void nic_clear(struct nic *nic);

#endif
