/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may do what in p2v-map. The process that p2vd starts is the broker: it opens the disk for
 * reading, gives up the network and the machine's devices, and starts a second process, which does
 * all the reading and thinking as the user nobody, without any capability, and which can gain none.
 *
 * Programs such as xfs_db want a device of their own. The second process asks the broker for one:
 * a read-only loop device on a range of the disk, and, for what lies in several ranges, a read-only
 * device of the device mapper on top (block_device.h). The broker has opened the disk for reading,
 * and through that descriptor the loop device reads: so no write to it can get to the disk,
 * whatever is done to it. (All may open its node for writing: xfs_logprint does that, though it
 * only reads.)
 * In the /dev that these programs see there is nothing else but null and zero, and the user nobody
 * can make no nodes. So there is no way to open the disk for writing, even for a program that
 * hostile metadata has brought under its control. The broker itself looks at no byte of the disk.
 *
 * Handing over a descriptor that is open for reading would not be enough: through /dev/fd a program
 * opens the device again. The kernel's own read-only flag, which p2vd sets on disks, stands behind
 * all that.
 */
#ifndef P2VD_BROKER_H
#define P2VD_BROKER_H

#include "blocks/piece.h"

#include <stdint.h>

#define BROKER_DEVICE "/dev/p2v-map-" /* and a number */

/*
 * Runs @work in that second process for at most @milliseconds. It gets the disk's descriptor and a
 * socket for broker_ask(), and returns an exit code. Returns that, or -errno: -ETIMEDOUT where it
 * took too long, -ECHILD where it has crashed.
 */
int broker_run(int disk, int64_t milliseconds, int (*work)(int disk, int broker, void *user),
	       void *user);

/* A device with the bytes of that piece. Returns its number, or -errno. */
int broker_ask(int broker, const struct piece *piece);

#endif
