/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many tunnels carry a disk: p2v.streams. */
#ifndef P2VD_STREAM_COUNT_H
#define P2VD_STREAM_COUNT_H

#include <stddef.h>
#include <stdint.h>

/* Of all disks together. Each has one even so. */
#define STREAMS_MOST 16

/*
 * @wanted: p2v.streams, "auto" or a number. @disks: how many, one or more. @delay: of an answer
 * from the server, in microseconds; @here, @there: processors of this machine and of the server;
 * 0: not known.
 */
unsigned stream_count(const char *wanted, size_t disks, uint64_t delay, unsigned here,
		      unsigned there);

#endif
