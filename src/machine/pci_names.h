/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of PCI vendors and devices, looked up by libpci in pci.ids. The PCI bus is
 * not read.
 */
#ifndef P2VD_PCI_NAMES_H
#define P2VD_PCI_NAMES_H

struct pci_names;

/* @root: "" for the file that libpci knows, else ROOT/usr/share/misc/pci.ids. */
struct pci_names *pci_names_new(const char *root);
void pci_names_free(struct pci_names *names);

/* "Intel Corporation", "82574L Gigabit Network Connection"; NULL where unknown.
 * The caller frees. */
char *pci_names_vendor(struct pci_names *names, unsigned vendor);
char *pci_names_device(struct pci_names *names, unsigned vendor, unsigned device);

#endif
