/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A read-only block device with the bytes of a piece, for programs that want one. It is a loop
 * device, and for a piece in several parts a device of the device mapper on top of one that has the
 * whole disk. It is there for as long as somebody has it open: the kernel removes it when the last
 * one has gone, however that was.
 */
#ifndef P2VD_BLOCK_DEVICE_H
#define P2VD_BLOCK_DEVICE_H

#include "blocks/piece.h"

#include <sys/types.h>

/*
 * @disk: open for reading, and nothing but that descriptor is used; @control: of loop devices
 * (/dev/loop-control). @directory: where nodes can be made, and are removed again. Returns a
 * descriptor that keeps the device alive, or -errno; sets @number for mknod().
 */
int block_device_make(int disk, int control, const char *directory, const struct piece *piece,
		      dev_t *number);

#endif
