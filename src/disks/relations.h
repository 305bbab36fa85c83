/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What depends on the other disks: under which name and on which bus virt-v2v is told of a
 * disk, by which paths it is reached, and what it is a part of. No I/O.
 */
#ifndef P2VD_RELATIONS_H
#define P2VD_RELATIONS_H

#include "disks/device.h"

/*
 * Sets all that in the disks of @chosen, which are in the guest's order. @fixed: all fixed
 * disks of the machine, one of each LUN, in the order of their places. Appends sentences to
 * @warnings on what the guest will lack, or have twice.
 */
void relations_set(const struct devices *all, const struct devices *fixed,
		   const struct devices *chosen, char ***warnings);

#endif
