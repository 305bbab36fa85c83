// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The call of p2v.done: the host is looked up, so that {mac} is the card's that
 * leads there; the URL is made whole and fetched. What it answers is of no
 * interest, only that it does.
 */
#include "conversion/announce.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "network/fetch.h"
#include "network/machine_url.h"
#include "network/network.h"
#include "network/resolve.h"

#define SECOND 1000000ULL
#define TRIES 5
#define PAUSE_FIRST (1 * SECOND) /* doubled each time: 15 s of pauses in all */
#define ANSWER_MOST 65536        /* bytes */

struct announce {
	sd_event *event;
	char *template;
	char *host;
	uint16_t port;
	struct resolve *resolve;
	struct fetch *fetch;
	unsigned tries;
	uint64_t pause;
	sd_event_source *retry;
	void (*done)(void *user);
	void *user;
};

static void give_up(struct announce *announce, const char *reason)
{
	log_warning("p2v.done was not heard: %s; the guest is made, but a machine that boots by network "
		    "would be converted again: tell the boot server by hand (p2v-pxe done MAC)",
		    reason);
	announce->done(announce->user);
}

static void try_again(struct announce *announce, const char *reason)
{
	if (announce->tries == TRIES) {
		give_up(announce, reason);
		return;
	}
	log_notice("p2v.done: %s; trying again", reason);
	sd_event_source_set_time_relative(announce->retry, announce->pause);
	sd_event_source_set_enabled(announce->retry, SD_EVENT_ONESHOT);
	announce->pause *= 2;
}

static void on_fetched(void *user, char *data, size_t length, const char *reason)
{
	struct announce *announce = user;

	(void)length;
	secret_free_length(data, length);
	/* An answer that is too long is one. */
	if (data || fetch_too_long(announce->fetch)) {
		log_notice("p2v.done was heard");
		announce->done(announce->user);
	} else if (fetch_may_pass(announce->fetch)) {
		try_again(announce, reason);
	} else {
		give_up(announce, reason);
	}
}

static void on_resolved(void *user, struct addrinfo *addresses, const char *reason)
{
	struct announce *announce = user;
	AUTO_FREE char *missing = addresses ? network_missing_all("", addresses) :
					      text_copy(reason);
	AUTO_FREE char *mac = addresses ? network_mac("", addresses) : NULL;
	AUTO_FREE char *wrong = NULL;
	char *url = NULL;

	resolve_free(steal(announce->resolve));
	if (addresses)
		freeaddrinfo(addresses);
	if (missing) {
		try_again(announce, missing);
		return;
	}
	url = machine_url(announce->template, "p2v.done", mac, &wrong);
	if (url) {
		fetch_free(announce->fetch);
		announce->fetch = fetch_start(announce->event, url, "answer of p2v.done",
					      ANSWER_MOST, on_fetched, announce);
	} else {
		give_up(announce, wrong);
	}
	secret_free(url);
}

static int on_try(sd_event_source *source, uint64_t time, void *user)
{
	struct announce *announce = user;

	(void)source, (void)time;
	announce->tries++;
	announce->resolve = resolve_start(announce->event, announce->host, announce->port,
					  on_resolved, announce);
	return 0;
}

struct announce *announce_start(sd_event *event, const char *template, void (*done)(void *user),
				void *user)
{
	struct announce *announce = memory_zero(1, sizeof(*announce));

	*announce = (struct announce){
		.event = event,
		.template = text_copy(template),
		.pause = PAUSE_FIRST,
		.done = done,
		.user = user,
	};
	announce->host = machine_url_host(template, &announce->port);
	if (!announce->host)
		announce->host = text_copy(""); /* whose look-up tells what is wrong */
	if (sd_event_add_time_relative(event, &announce->retry, CLOCK_BOOTTIME, 0, 0, on_try,
				       announce) < 0)
		abort(); /* no memory */
	return announce;
}

void announce_free(struct announce *announce)
{
	if (!announce)
		return;
	sd_event_source_disable_unref(announce->retry);
	resolve_free(announce->resolve);
	fetch_free(announce->fetch);
	secret_free(announce->template);
	free(announce->host);
	free(announce);
}
