/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The place of a disk or card in the machine: the steps to it over buses, bridges,
 * ports and slots. The kernel looks for disks and cards in parallel, so sda or eth0
 * may be sdb or eth1 after the next start. The place stays the same.
 */
#ifndef P2VD_PLACE_H
#define P2VD_PLACE_H

/*
 * @link: the target of a link in ROOT/sys/block or ROOT/sys/class/net,
 * "../devices/pci0000:00/0000:00:1f.2/ata1/host0/…/block/sda". A step that the kernel
 * numbers in the order of finding is replaced by what the hardware says: a Fibre
 * Channel port or SAS expander by its address, a SAS disk by its bay and phy, an
 * iSCSI session by its target. The kernel's name at the end is left out. The caller
 * frees with list_free().
 */
char **place_read(const char *root, const char *link);

/*
 * As for qsort(). Compares step by step: PCI addresses, then the numbers of ports,
 * targets and LUNs. Persistent memory and then USB come after all others: hardly any
 * machine starts from them.
 */
int place_compare(char *const *left, char *const *right);

/* The place of the disk or card @name. The caller frees with list_free(). */
typedef char **(*place_of_t)(const char *root, const char *name);

/* Sorts @names (NULL-terminated, NULL for none) by their places, and those in one place by
 * @compare_names. */
void place_sort(const char *root, char **names, place_of_t place_of,
		int (*compare_names)(const char *left, const char *right));

#endif
