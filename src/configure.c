// SPDX-License-Identifier: GPL-2.0-or-later
/* The way from p2v.config to a whole configuration. */
#include "configure.h"

#include "cleanup.h"
#include "config_file.h"
#include "conversion.h"
#include "defaults.h"
#include "fetch.h"
#include "log.h"
#include "machine_url.h"
#include "network.h"
#include "resolve.h"
#include "secret.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

#define SECOND 1000000ULL
#define PAUSE_FIRST (1 * SECOND)
#define PAUSE_LONGEST (30 * SECOND)
#define PAUSE_LONGEST_NETWORK (5 * SECOND)

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

	bool routed;         /* the network is there, once */
	uint64_t deadline, pause; /* microseconds of CLOCK_BOOTTIME */
	char *trouble;       /* what was said last */
	sd_event_source *retry;
};

static uint64_t now(const struct configure *configure)
{
	uint64_t time = 0;

	sd_event_now(configure->event, CLOCK_BOOTTIME, &time);
	return time;
}

static void tell_waiting(const struct configure *configure)
{
	uint64_t left = (configure->deadline - now(configure) + SECOND - 1) / SECOND;
	AUTO_FREE char *line = text_format("waiting for the configuration, %" PRIu64 " s more", left);

	configure->waiting(configure->user, line);
}

static void fail(struct configure *configure, int code, const char *reason)
{
	configure->waiting(configure->user, NULL);
	configure->done(configure->user, NULL, code, reason);
}

/* What may pass is tried again until the deadline. */
static void try_again(struct configure *configure, const char *trouble)
{
	uint64_t longest = configure->routed ? PAUSE_LONGEST : PAUSE_LONGEST_NETWORK;
	AUTO_FREE char *reason = NULL;

	if (now(configure) >= configure->deadline) {
		reason = text_format("%s; %s sets how long to try", trouble,
				     configure->routed ? "p2v.connect_timeout" : "p2v.network_timeout");
		fail(configure, EXIT_SERVER, reason);
		return;
	}
	if (!configure->trouble || strcmp(configure->trouble, trouble)) {
		log_notice("waiting for the configuration: %s", trouble);
		free(configure->trouble);
		configure->trouble = text_copy(trouble);
	}
	tell_waiting(configure);
	sd_event_source_set_time_relative(configure->retry, configure->pause);
	sd_event_source_set_enabled(configure->retry, SD_EVENT_ONESHOT);
	configure->pause = 2 * configure->pause < longest ? 2 * configure->pause : longest;
}

/* From here on it is the next time-out that counts. */
static void begin(struct configure *configure, unsigned seconds)
{
	configure->deadline = now(configure) + seconds * SECOND;
	configure->pause = PAUSE_FIRST;
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
	configure->waiting(configure->user, NULL);
	log_notice("configuration '%s': %zu parameter%s", configure->shown, count, count == 1 ? "" : "s");
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
		fail(configure, fetch_too_long(configure->fetch) ? EXIT_CONFIGURATION : EXIT_SERVER, reason);
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
		configure->url = machine_url(configure->config->configuration, "p2v.config", configure->mac,
					     &reason);
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
		begin(configure, configure->config->connect_timeout);
		start_fetch(configure);
	}
	if (addresses)
		freeaddrinfo(addresses);
}

static int on_retry(sd_event_source *source, uint64_t time, void *user)
{
	struct configure *configure = user;

	(void)source, (void)time;
	if (configure->routed || !configure->host)
		start_fetch(configure);
	else
		configure->resolve = resolve_start(configure->event, configure->host, configure->port,
						   on_resolved, configure);
	return 0;
}

struct configure *configure_start(sd_event *event, const struct config *config, const char *cmdline,
				  configure_done_t done, configure_waiting_t waiting, void *user)
{
	struct configure *configure = text_zero(1, sizeof *configure);

	*configure = (struct configure){
		.event = event,
		.config = config,
		.cmdline = text_copy(cmdline),
		.done = done,
		.waiting = waiting,
		.user = user,
	};
	if (sd_event_add_time_relative(event, &configure->retry, CLOCK_BOOTTIME, 0, 0, on_retry,
				       configure) < 0)
		abort(); /* no memory */
	configure->host = machine_url_host(config->configuration, &configure->port);
	begin(configure, config->network_timeout);
	return configure;
}

void configure_free(struct configure *configure)
{
	if (!configure)
		return;
	sd_event_source_disable_unref(configure->retry);
	resolve_free(configure->resolve);
	fetch_free(configure->fetch);
	secret_free(configure->cmdline);
	free(configure->host);
	free(configure->mac);
	secret_free(configure->url);
	free(configure->shown);
	free(configure->trouble);
	free(configure);
}
