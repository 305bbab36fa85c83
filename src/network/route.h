/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way to a host: its name is looked up, what is missing for a route to it is
 * said, and it is tried again until a deadline (retry.h).
 */
#ifndef P2VD_ROUTE_H
#define P2VD_ROUTE_H

#include "network/retry.h"

#include <netdb.h>
#include <stdint.h>

struct route;

struct route_events {
	/* There is a route to one of @addresses: the receiver's, to be given to freeaddrinfo(). */
	void (*found)(void *user, struct addrinfo *addresses);
	/* The deadline has passed. The route may be freed in the call. */
	void (*failed)(void *user, const char *reason);
	/* As in retry.h. */
	void (*waiting)(void *user, const char *line);
	void *user;
};

/*
 * To @host, a name or an address, which is copied; NULL for what needs no network:
 * then it is found at once, with no addresses. @what and @config are as in retry.h.
 */
struct route *route_new(sd_event *event, const struct config *config, const char *what,
			const char *host, uint16_t port, const struct route_events *events);

/* No event comes any more. NULL is fine. */
void route_free(struct route *route);

/* Looks for the way, until @limit. Events come from the event loop. */
void route_find(struct route *route, enum retry_limit limit);

/* What was tried on the way that was found has failed, for a reason that is temporary:
 * looks for it again after a pause, towards the same deadline; or failed() is called at
 * once. */
void route_again(struct route *route, const char *reason);

#endif
