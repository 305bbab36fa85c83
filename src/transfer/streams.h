/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tunnels of all disks. They are made one after the other: sshd refuses some of many logins
 * at the same time (sshd_config(5), MaxStartups), and a machine can have dozens of disks.
 *
 * Where a relay stands at their other end, a disk may have several, and one that breaks is made
 * again, for as long as p2v.reconnect_timeout says. Each gets a socket on the server with a name
 * of its own, so that what a dead sshd has left is never in its way; or a port, if sshd forwards
 * no sockets.
 */
#ifndef P2VD_STREAMS_H
#define P2VD_STREAMS_H

#include "transfer/tunnel.h"

struct streams;

struct streams_events {
	/* One of each disk is up, for the first time; more of them follow. Never with goes_on. */
	void (*up)(void *user);
	/* Tunnel number @number, of disk @disk, has @port on the server: the relay is to know. */
	void (*port)(void *user, size_t disk, unsigned number, uint16_t port);
	/* The last callback. */
	void (*failed)(void *user, const char *reason);
	void *user;
};

struct streams_plan {
	const struct tunnel_login *login;
	bool relay;
	/* The work directory on the server, where the relay looks for sockets in tunnels/; NULL:
	 * each tunnel begins at a port. */
	const char *workdir;
	unsigned patience; /* seconds that a disk may be without a tunnel */
	/* virt-v2v was started by a p2vd that is gone: as if all of its tunnels had just broken. */
	bool goes_on;
	unsigned first; /* number of a tunnel: no smaller one is used */
	unsigned each; /* tunnels for each disk; without a relay 1 */
	size_t count;
	struct streams_disk {
		const char *name; /* for messages */
		const char *socket; /* of its export */
	} *disks;
};

/* Starts the first tunnel from the event loop. What @plan points to is kept by the caller. */
struct streams *streams_new(sd_event *event, const struct streams_plan *plan,
			    const struct streams_events *events);

/* Ends all of them. Not in a callback. NULL is fine. */
void streams_free(struct streams *streams);

/* Whether virt-v2v can do without them for now: then they are tried for as long as it takes. */
void streams_are_spare(struct streams *streams, bool spare);

/* Makes no more of them; those that are up stay. Not in a callback. */
void streams_stop(struct streams *streams);

/* To be called about once a second: sees tunnels that only seem to be up. May call failed(). */
void streams_look(struct streams *streams);

/* The port on the server's loopback interface, of a disk without a relay. After up(). */
uint16_t streams_port(const struct streams *streams, size_t disk);

/* Microseconds since a disk has been without a tunnel, with goes_on since streams_new(); 0: none
 * is, or up() is still to come. */
uint64_t streams_outage(const struct streams *streams);

#endif
