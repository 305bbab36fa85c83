/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a piece of hardware hangs: the steps to it over buses, bridges, ports
 * and slots. The kernel looks for disks and cards side by side, so what is sda
 * or eth0 today may be sdb or eth1 after the next start; the way to it stays.
 */
#ifndef P2VD_PLACE_H
#define P2VD_PLACE_H

/*
 * @link: what a link in ROOT/sys/block or ROOT/sys/class/net points to,
 * "../devices/pci0000:00/0000:00:1f.2/ata1/host0/…/block/sda". What the kernel
 * numbers as it finds it is replaced by what the hardware says: a Fibre Channel
 * or SAS port by its address, a SAS disk by its bay or phy. The name at its end
 * is no step. The caller frees with list_free().
 */
char **place_read(const char *root, const char *link);

/*
 * As for qsort(). Step by step: PCI addresses, then ports, targets and LUNs by
 * their numbers. USB comes after all that is built in, and memory that keeps
 * its content last: hardly a machine starts from those.
 */
int place_compare(char *const *left, char *const *right);

#endif
