// SPDX-License-Identifier: GPL-2.0-or-later
/* The way from p2v.config to a whole configuration. */
#include "conversion/configure.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "config/config_file.h"
#include "config/defaults.h"
#include "conversion/conversion.h"
#include "network/fetch.h"
#include "network/machine_url.h"
#include "network/network.h"
#include "network/resolve.h"
#include "network/retry.h"

struct configure {
	sd_event *event;
	const struct config *config; /* the command line's */
	char *cmdline;
	configure_done_t done;
	configure_waiting_t waiting;
	void *user;

	char *host; /* NULL for file: */
	uint16_t port;
	char *mac; /* of the card that carries the route */
	char *url; /* made whole */
	char *shown;
	struct resolve *resolve;
	struct fetch *fetch;

	bool routed; /* the network is there, once */
	struct retry *retry;
};

static void fail(struct configure *configure, int code, const char *reason)
{
	retry_rest(configure->retry);
	configure->done(configure->user, NULL, code, reason);
}

/* What may pass is tried again until the deadline. */
static void try_again(struct configure *configure, const char *trouble)
{
	AUTO_FREE char *reason = retry_later(configure->retry, trouble);

	if (reason)
		fail(configure, EXIT_SERVER, reason);
}

/* ---- the file ------------------------------------------------------------ */

/* The file's words between the image's and the command line's, which win. */
static void merge(struct configure *configure, struct cmdline *words)
{
	AUTO_FREE char *reason = NULL;
	struct config config;
	size_t count = words->count;

	if (defaults_config(&config, DEFAULTS_DIRECTORY, words, configure->cmdline) < 0) {
		reason = text_format("the configuration '%s' is wrong", configure->shown);
		config_clear(&config);
		fail(configure, EXIT_CONFIGURATION, reason);
		return;
	}
	retry_rest(configure->retry);
	log_notice("configuration '%s': %zu parameter%s", configure->shown, count,
		   count == 1 ? "" : "s");
	configure->done(configure->user, &config, EXIT_DONE, NULL);
}

static void on_fetched(void *user, char *data, size_t length, const char *reason)
{
	struct configure *configure = user;
	AUTO_FREE char *wrong = NULL;
	AUTO_FREE char *sentence = NULL;
	struct cmdline words;

	if (!data && fetch_may_pass(configure->fetch)) {
		try_again(configure, reason);
	} else if (!data) {
		fail(configure, fetch_too_long(configure->fetch) ? EXIT_CONFIGURATION : EXIT_SERVER,
		     reason);
	} else if (config_file_read(&words, data, length, false, &wrong) < 0) {
		sentence = text_format("the configuration '%s' %s", configure->shown, wrong);
		fail(configure, EXIT_CONFIGURATION, sentence);
	} else {
		merge(configure, &words);
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

static void on_resolved(void *user, struct addrinfo *addresses, const char *reason)
{
	struct configure *configure = user;
	AUTO_FREE char *missing = addresses ? network_missing_all("", addresses) :
					      network_missing_name("", reason);

	resolve_free(steal(configure->resolve));
	if (missing) {
		try_again(configure, missing);
	} else {
		configure->mac = network_mac("", addresses);
		configure->routed = true;
		retry_begin(configure->retry, RETRY_SERVER);
	}
	if (addresses)
		freeaddrinfo(addresses);
}

static void on_waiting(void *user, const char *line)
{
	struct configure *configure = user;

	configure->waiting(configure->user, line);
}

static void on_again(void *user)
{
	struct configure *configure = user;

	if (configure->routed || !configure->host)
		start_fetch(configure);
	else
		configure->resolve = resolve_start(configure->event, configure->host,
						   configure->port, on_resolved, configure);
}

struct configure *configure_start(sd_event *event, const struct config *config, const char *cmdline,
				  configure_done_t done, configure_waiting_t waiting, void *user)
{
	struct configure *configure = memory_zero(1, sizeof(*configure));
	struct retry_events events = { .again = on_again,
				       .waiting = on_waiting,
				       .user = configure };

	*configure = (struct configure){
		.event = event,
		.config = config,
		.cmdline = text_copy(cmdline),
		.done = done,
		.waiting = waiting,
		.user = user,
	};
	configure->host = machine_url_host(config->configuration, &configure->port);
	configure->retry = retry_new(event, config, "the configuration", &events);
	retry_begin(configure->retry, RETRY_NETWORK);
	return configure;
}

void configure_free(struct configure *configure)
{
	if (!configure)
		return;
	retry_free(configure->retry);
	resolve_free(configure->resolve);
	fetch_free(configure->fetch);
	secret_free(configure->cmdline);
	free(configure->host);
	free(configure->mac);
	secret_free(configure->url);
	free(configure->shown);
	free(configure);
}
