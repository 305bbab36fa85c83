/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One LUN with several paths: a disk of a storage network with two cables to it is
 * seen as two disks, and must count once. No I/O.
 */
#ifndef P2VD_LUN_H
#define P2VD_LUN_H

#include "disks/device.h"

/*
 * What tells the LUN that a device is a path to. The caller frees. NULL where it can be no path
 * beside others (SATA, USB, virtio-blk…), or where nothing tells (disk_id.h).
 *
 * On Fibre Channel, SAS and iSCSI several paths are common: the world-wide name that the
 * kernel tells is enough, on iSCSI also the name of the target with the LUN's number. On NVMe
 * they are in one subsystem. On other SCSI (virtio, Hyper-V, RAID controllers…) they are
 * rare, and many such disks have made-up names: only the device's own NAA or EUI-64 name
 * counts. The name of a SATA disk behind a SAS or RAID controller counts nowhere.
 */
char *lun_name(const struct device *device);

/*
 * Whether two devices are the same LUN, as one is with itself, and a multipath device with
 * its paths: what tells their LUN is the same, and neither size nor serial number differs
 * (a path that is not ready may have no size). In doubt they are two disks: one that is
 * converted twice is better than one left out.
 */
bool lun_is_same(const struct device *left, const struct device *right);

/* The first of @some that is the same LUN as @device; NULL for none. */
struct device *lun_find(const struct devices *some, const struct device *device);

/* Leaves one of @some for each LUN, in the place of its first: the multipath device where
 * there is one, else the best path. */
void lun_keep_one_each(struct devices *some);

/* Appends to @warnings a sentence for disks of @chosen that are paths to one LUN, and one for
 * those that may be: what they tell is the same, but does not tell enough. */
void lun_warn(const struct devices *chosen, char ***warnings);

/* The kernel names of all paths among @all to @device, which is one of them or their
 * multipath device, and the only one in @chosen; NULL where there is one path, or more than
 * one is chosen. The caller frees. */
char **lun_paths(const struct device *device, const struct devices *all,
		 const struct devices *chosen);

#endif
