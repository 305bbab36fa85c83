/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The route to a host: looks up the host's name, says what is missing for a route to it,
 * and tries again until a deadline (retry.h).
 */
#ifndef P2VD_ROUTE_H
#define P2VD_ROUTE_H

#include "network/retry.h"

#include <netdb.h>
#include <stdint.h>

struct route;

struct route_events {
	/* There is a route to one of @addresses. The receiver calls freeaddrinfo(). */
	void (*found)(void *user, struct addrinfo *addresses);
	/* The deadline has passed. The route may be freed in the callback. */
	void (*failed)(void *user, const char *reason);
	/* As in retry.h. */
	void (*waiting)(void *user, const char *line);
	void *user;
};

/*
 * @host: a name or an address; NULL if no network is needed: then found() is called at
 * once, without addresses. @what and @config are as in retry.h.
 */
struct route *route_new(sd_event *event, const struct config *config, const char *what,
			const char *host, uint16_t port, const struct route_events *events);

/* No callback is called any more. NULL is fine. */
void route_free(struct route *route);

/* Looks for a route until @limit. found() or failed() is called from the event loop. */
void route_find(struct route *route, enum retry_limit limit);

/* To be called after found(), when what was tried on the route has failed for a temporary
 * reason. Looks for a route again after a pause, with the same deadline. If that has
 * passed, failed() is called at once. */
void route_again(struct route *route, const char *reason);

#endif
