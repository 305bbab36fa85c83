/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection to a disk's export on the machine, through a tunnel. */
#ifndef P2VD_LINK_H
#define P2VD_LINK_H

#include "relay/fetch.h"
#include "relay/loop.h"
#include "relay/nbd_client.h"

/* Requests that are asked for at once: twice what qemu-nbd works at for one connection, and what
 * nbdkit asks for. So the next ones lie at the machine's end already. */
#define LINK_REQUESTS 32

struct link_events {
	/* The machine's export answers as @found says. Returns why it is not the right one, or
	 * NULL. */
	const char *(*up)(void *user, struct link *link, const struct nbd_found *found);
	/* @fetch, or the range of it that was asked for, has come or failed (its error). */
	void (*done)(void *user, struct fetch *fetch);
	/* It is of no use any more: only link_free() is left to do, which may be called here. */
	void (*lost)(void *user, struct link *link, const char *reason);
	void *user;
};

/* @fd, a connected or connecting socket, belongs to the link from now on. @name: the export
 * that is asked for, kept by the caller. */
struct link *link_new(struct loop *loop, int fd, const char *name,
		      const struct link_events *events);

/* Closes it. What it was asked for is pending again. */
void link_free(struct link *link);

bool link_is_up(const struct link *link);

/* Milliseconds that an answer takes at least, as the handshake showed. */
uint64_t link_delay(const struct link *link);

/* Whether it tells base:allocation. */
bool link_knows_allocation(const struct link *link);

/* Requests that it could be asked for now. */
unsigned link_room(const struct link *link);

/* Bytes that it was asked for and have not come. */
size_t link_load(const struct link *link);

/* Asks for the range of @fetch that it names, at the next link_send(). Only with room. */
void link_ask(struct link *link, struct fetch *fetch);

/* Sends what it was to ask. True when the link is lost by it. */
bool link_send(struct link *link);

/* Whether it has said nothing for long while an answer is due: for 10 s at first. The next link
 * has twice the time for what a silent one was asked for: a disk that dies is slow, too. */
bool link_is_silent(const struct link *link);

/* Whether it owes an answer, and one of the @count links @others has come up when it had been
 * silent for 2 s already: p2vd makes tunnels in place of those that it knows to be broken. */
bool link_is_overtaken(const struct link *link, struct link *const *others, size_t count);

/* Bytes that came, all that is not the disk's data included. */
uint64_t link_received(const struct link *link);

#endif
