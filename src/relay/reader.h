/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection of virt-v2v's to a disk. */
#ifndef P2VD_RELAY_READER_H
#define P2VD_RELAY_READER_H

#include "relay/disk.h"

struct reader;

struct reader_events {
	/* The handshake is over. Returns whether one more reader is wanted. */
	bool (*ready)(void *user, struct reader *reader);
	/* It has gone or is sent away, for @reason (NULL: it asked for the end). Only
	 * reader_free() is left to do, which may be called here. */
	void (*gone)(void *user, struct reader *reader, const char *reason);
	void *user;
};

/* @fd, a connected socket, belongs to the reader from now on. */
struct reader *reader_new(struct loop *loop, int fd, struct disk *disk,
			  const struct reader_events *events);
void reader_free(struct reader *reader);

/* Goes on with requests that had to wait for room. To be called in each turn of the loop.
 * The reader may be gone after it. */
void reader_work(struct reader *reader);

#endif
