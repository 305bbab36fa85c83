// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The call of p2v.done: looks up the host (so that {mac} is the address of the card
 * on the route to it), completes the URL and fetches it. The content of the answer is
 * ignored.
 */
#include "conversion/announce.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "network/fetch.h"
#include "network/machine_url.h"
#include "network/network.h"
#include "network/route.h"

#define ANSWER_MOST 65536 /* bytes */

struct announce {
	sd_event *event;
	const struct config *config;
	struct route *route;
	struct fetch *fetch;
	void (*done)(void *user);
	void *user;
};

static void give_up(void *user, const char *reason)
{
	struct announce *announce = user;

	log_warning("p2v.done was not delivered: %s; the guest is ready, but if this machine boots from the "
		    "network again, it will be converted again: run 'p2v-pxe done MAC' on the boot server",
		    reason);
	announce->done(announce->user);
}

static void on_fetched(void *user, char *data, size_t length, const char *reason)
{
	struct announce *announce = user;

	secret_free_length(data, length);
	/* An answer that is too long is an answer, too. */
	if (data || fetch_too_long(announce->fetch)) {
		log_notice("p2v.done was delivered");
		announce->done(announce->user);
	} else if (fetch_is_temporary(announce->fetch)) {
		route_again(announce->route, reason);
	} else {
		give_up(announce, reason);
	}
}

static void on_found(void *user, struct addrinfo *addresses)
{
	struct announce *announce = user;
	AUTO_FREE char *mac = network_mac("", addresses);
	AUTO_FREE char *wrong = NULL;
	char *url = machine_url(announce->config->announcement, "p2v.done", mac, &wrong);

	freeaddrinfo(addresses);
	fetch_free(steal(announce->fetch));
	if (url)
		announce->fetch = fetch_start(announce->event, url, "answer of p2v.done",
					      ANSWER_MOST, on_fetched, announce);
	else
		give_up(announce, wrong);
	secret_free(url);
}

static void on_waiting(void *user, const char *line)
{
	(void)user, (void)line;
}

struct announce *announce_start(sd_event *event, const struct config *config,
				void (*done)(void *user), void *user)
{
	struct announce *announce = memory_zero(1, sizeof(*announce));
	struct route_events events = {
		.found = on_found,
		.failed = give_up,
		.waiting = on_waiting,
		.user = announce,
	};
	uint16_t port = 0;
	AUTO_FREE char *host = machine_url_host(config->announcement, &port);

	*announce = (struct announce){
		.event = event,
		.config = config,
		/* Without a host, the look-up of "" fails with a message. */
		.route = route_new(event, config, "p2v.done", host ? host : "", port, &events),
		.done = done,
		.user = user,
	};
	route_find(announce->route, RETRY_BRIEFLY);
	return announce;
}

void announce_free(struct announce *announce)
{
	if (!announce)
		return;
	route_free(announce->route);
	fetch_free(announce->fetch);
	free(announce);
}
