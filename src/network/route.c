// SPDX-License-Identifier: GPL-2.0-or-later
/* The route to a host. */
#include "network/route.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "network/network.h"
#include "network/resolve.h"

struct route {
	sd_event *event;
	char *host;
	uint16_t port;
	struct route_events events;
	struct retry *retry;
	struct resolve *resolve;
};

static void found(struct route *route, struct addrinfo *addresses)
{
	retry_rest(route->retry);
	route->events.found(route->events.user, addresses);
}

static void on_resolved(void *user, struct addrinfo *addresses, const char *reason)
{
	struct route *route = user;
	AUTO_FREE char *missing = addresses ? network_missing("", addresses) :
					      network_missing_name("", reason);

	resolve_free(steal(route->resolve));
	if (!missing) {
		found(route, addresses);
		return;
	}
	if (addresses)
		freeaddrinfo(addresses);
	route_again(route, missing);
}

static void on_again(void *user)
{
	struct route *route = user;

	if (route->host)
		route->resolve = resolve_start(route->event, route->host, route->port, on_resolved,
					       route);
	else
		found(route, NULL);
}

struct route *route_new(sd_event *event, const struct config *config, const char *what,
			const char *host, uint16_t port, const struct route_events *events)
{
	struct route *route = memory_zero(1, sizeof(*route));
	struct retry_events retry = { on_again, route, events->waiting, events->user };

	*route = (struct route){
		.event = event,
		.host = text_copy(host),
		.port = port,
		.events = *events,
		.retry = retry_new(event, config, what, &retry),
	};
	return route;
}

void route_free(struct route *route)
{
	if (!route)
		return;
	retry_free(route->retry);
	resolve_free(route->resolve);
	free(route->host);
	free(route);
}

void route_find(struct route *route, enum retry_limit limit)
{
	resolve_free(steal(route->resolve));
	retry_begin(route->retry, limit);
}

void route_again(struct route *route, const char *reason)
{
	AUTO_FREE char *over = retry_later(route->retry, reason);

	if (over)
		route->events.failed(route->events.user, over);
}
