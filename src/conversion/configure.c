// SPDX-License-Identifier: GPL-2.0-or-later
/* Fetching the file of p2v.config. */
#include "conversion/configure.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/config.h"
#include "config/config_file.h"
#include "conversion/conversion.h"
#include "network/fetch.h"
#include "network/machine_url.h"
#include "network/network.h"
#include "network/route.h"

struct configure {
	sd_event *event;
	const struct config *config; /* without the file */
	configure_done_t done;
	configure_waiting_t waiting;
	void *user;

	struct route *route;
	bool routed; /* the route was found before */
	char *mac;   /* of the card that carries the route */
	char *url;   /* without placeholders */
	char *shown;
	struct fetch *fetch;
};

static void fail(struct configure *configure, int code, const char *reason)
{
	configure->done(configure->user, NULL, code, reason);
}

/* ---- the file ------------------------------------------------------------ */

static void on_fetched(void *user, char *data, size_t length, const char *reason)
{
	struct configure *configure = user;
	AUTO_FREE char *wrong = NULL;
	AUTO_FREE char *sentence = NULL;
	struct cmdline words;

	if (!data && fetch_is_temporary(configure->fetch)) {
		route_again(configure->route, reason);
	} else if (!data) {
		fail(configure, fetch_too_long(configure->fetch) ? EXIT_CONFIGURATION : EXIT_SERVER,
		     reason);
	} else if (config_file_read(&words, data, length, false, &wrong) < 0) {
		sentence = text_format("the configuration '%s' %s", configure->shown, wrong);
		fail(configure, EXIT_CONFIGURATION, sentence);
	} else {
		log_notice("configuration '%s': %zu parameter%s", configure->shown, words.count,
			   words.count == 1 ? "" : "s");
		configure->done(configure->user, &words, EXIT_DONE, NULL);
		cmdline_clear(&words);
	}
	secret_free_length(data, length);
}

static void start_fetch(struct configure *configure)
{
	AUTO_FREE char *reason = NULL;

	if (!configure->url)
		configure->url = machine_url(configure->config->configuration, "p2v.config",
					     configure->mac, &reason);
	if (!configure->url) {
		fail(configure, EXIT_CONFIGURATION, reason);
		return;
	}
	free(configure->shown);
	configure->shown = fetch_url_shown(configure->url);
	fetch_free(configure->fetch);
	configure->fetch = fetch_start(configure->event, configure->url, "configuration",
				       CONFIG_FILE_SIZE_MAX, on_fetched, configure);
}

/* ---- the network --------------------------------------------------------- */

static void on_found(void *user, struct addrinfo *addresses)
{
	struct configure *configure = user;

	if (!configure->routed) {
		configure->mac = addresses ? network_mac("", addresses) : NULL;
		configure->routed = true;
		route_find(configure->route, RETRY_SERVER);
	} else {
		start_fetch(configure);
	}
	if (addresses)
		freeaddrinfo(addresses);
}

static void on_failed(void *user, const char *reason)
{
	fail(user, EXIT_SERVER, reason);
}

static void on_waiting(void *user, const char *line)
{
	struct configure *configure = user;

	configure->waiting(configure->user, line);
}

struct configure *configure_start(sd_event *event, const struct config *config,
				  configure_done_t done, configure_waiting_t waiting, void *user)
{
	struct configure *configure = memory_zero(1, sizeof(*configure));
	struct route_events events = {
		.found = on_found,
		.failed = on_failed,
		.waiting = on_waiting,
		.user = configure,
	};
	uint16_t port = 0;
	AUTO_FREE char *host = machine_url_host(config->configuration, &port); /* NULL for file: */

	*configure = (struct configure){
		.event = event,
		.config = config,
		.done = done,
		.waiting = waiting,
		.user = user,
		.route = route_new(event, config, "the configuration", host, port, &events),
	};
	route_find(configure->route, RETRY_NETWORK);
	return configure;
}

void configure_free(struct configure *configure)
{
	if (!configure)
		return;
	route_free(configure->route);
	fetch_free(configure->fetch);
	free(configure->mac);
	secret_free(configure->url);
	free(configure->shown);
	free(configure);
}
