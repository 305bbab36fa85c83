// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One receiver of reports: looks up its host (so that {mac} is the address of the card on the
 * route to it), completes the URL and sends the document. The answer's content is ignored.
 */
#include "report/receiver.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "network/fetch.h"
#include "network/machine_url.h"
#include "network/network.h"
#include "network/resolve.h"

#define CONTENT_TYPE "application/cloudevents+json; charset=UTF-8"
#define PAUSE_LEAST 5  /* seconds */
#define PAUSE_MOST 60
#define PAUSE_LAST 2 /* when all else has come to its end */
#define FAILURES_SAID 3 /* in a row: before that the network may not be up yet */

struct receiver {
	sd_event *event;
	char *url, *token; /* secret */
	char *shown;
	struct receiver_events events;
	bool wanted; /* there is more to tell than what is under way */
	bool last, finished;
	uint64_t told, holds; /* changes: known to the receiver; in what is under way */
	unsigned failures; /* in a row */
	bool said;
	struct resolve *resolve;
	struct fetch *fetch;
	sd_event_source *pause, *end;
};

static void begin(struct receiver *receiver);

static bool is_busy(const struct receiver *receiver)
{
	return receiver->resolve || receiver->fetch;
}

static bool pauses(const struct receiver *receiver)
{
	int enabled = SD_EVENT_OFF;

	return sd_event_source_get_enabled(receiver->pause, &enabled) > 0 && enabled;
}

static int on_pause_over(sd_event_source *source, uint64_t now, void *user)
{
	(void)source, (void)now;
	begin(user);
	return 0;
}

static int on_end(sd_event_source *source, void *user)
{
	struct receiver *receiver = user;

	(void)source;
	receiver->events.finished(receiver->events.user);
	return 0;
}

static void finish(struct receiver *receiver)
{
	if (!receiver->finished)
		sd_event_source_set_enabled(receiver->end, SD_EVENT_ONESHOT);
	receiver->finished = true;
}

static void pause_for(struct receiver *receiver, unsigned seconds)
{
	if (sd_event_source_set_time_relative(receiver->pause, seconds * 1000000ULL) < 0 ||
	    sd_event_source_set_enabled(receiver->pause, SD_EVENT_ONESHOT) < 0)
		abort(); /* no memory */
}

static void failed(struct receiver *receiver, bool temporary, const char *reason)
{
	unsigned pause = PAUSE_LEAST << (receiver->failures < 4 ? receiver->failures : 4);

	receiver->wanted = true;
	receiver->failures++;
	if (!receiver->said && (receiver->failures == FAILURES_SAID || !temporary)) {
		receiver->said = true;
		log_warning("p2v.report is not delivered to '%s': %s; it is tried again, and holds up nothing",
			    receiver->shown, reason);
	} else {
		log_info("p2v.report is not delivered to '%s': %s", receiver->shown, reason);
	}
	if (receiver->last && !temporary)
		finish(receiver);
	else
		pause_for(receiver, receiver->last     ? PAUSE_LAST :
				    pause > PAUSE_MOST ? PAUSE_MOST :
							 pause);
}

static void delivered(struct receiver *receiver)
{
	if (receiver->said)
		log_notice("p2v.report is delivered to '%s' again", receiver->shown);
	receiver->said = false;
	receiver->failures = 0;
	receiver->told = receiver->holds;
	if (receiver->wanted)
		begin(receiver);
	else if (receiver->last)
		finish(receiver);
}

static void on_sent(void *user, char *data, size_t length, const char *reason)
{
	struct receiver *receiver = user;
	/* An answer that is too long is an answer, too. */
	bool answered = data || fetch_too_long(receiver->fetch);
	bool temporary = fetch_is_temporary(receiver->fetch);
	AUTO_FREE char *why = text_copy(reason);

	secret_free_length(data, length);
	fetch_free(steal(receiver->fetch));
	if (answered)
		delivered(receiver);
	else
		failed(receiver, temporary, why);
}

static void on_found(void *user, struct addrinfo *addresses, const char *reason)
{
	struct receiver *receiver = user;
	AUTO_FREE char *why = text_copy(reason);
	AUTO_FREE char *document = NULL;
	AUTO_FREE char *mac = addresses ? network_mac("", addresses) : NULL;
	char *url = addresses ? machine_url(receiver->url, "p2v.report", mac, &why) : NULL;

	if (addresses)
		freeaddrinfo(addresses);
	resolve_free(steal(receiver->resolve));
	if (!url) {
		failed(receiver, !mac, why);
		return;
	}
	receiver->wanted = false;
	document = receiver->events.document(receiver->events.user, receiver->told,
					     &receiver->holds);
	receiver->fetch = fetch_send(receiver->event, url, "answer of p2v.report",
				     &(struct fetch_content){
					     .text = document,
					     .type = CONTENT_TYPE,
					     .token = receiver->token,
				     },
				     on_sent, receiver);
	secret_free(url);
}

static void begin(struct receiver *receiver)
{
	uint16_t port = 0;
	AUTO_FREE char *host = machine_url_host(receiver->url, &port);

	/* Without a host, the look-up of "" fails with a message. */
	receiver->resolve = resolve_start(receiver->event, host ? host : "", port, on_found,
					  receiver);
}

void receiver_tell(struct receiver *receiver)
{
	receiver->wanted = true;
	if (!is_busy(receiver) && !pauses(receiver))
		begin(receiver);
}

void receiver_finish(struct receiver *receiver)
{
	receiver->last = true;
	sd_event_source_set_enabled(receiver->pause, SD_EVENT_OFF);
	receiver_tell(receiver);
}

void receiver_give_up(struct receiver *receiver)
{
	if (receiver->wanted || is_busy(receiver))
		log_warning("p2v.report of the end was not delivered to '%s'", receiver->shown);
}

struct receiver *receiver_new(sd_event *event, const char *url, const char *token,
			      const struct receiver_events *events)
{
	struct receiver *receiver = memory_zero(1, sizeof(*receiver));

	*receiver = (struct receiver){
		.event = event,
		.url = text_copy(url),
		.token = text_copy(token),
		.shown = fetch_url_shown(url),
		.events = *events,
	};
	if (sd_event_add_time_relative(event, &receiver->pause, CLOCK_BOOTTIME, 0, 0, on_pause_over,
				       receiver) < 0 ||
	    sd_event_add_defer(event, &receiver->end, on_end, receiver) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(receiver->pause, SD_EVENT_OFF);
	sd_event_source_set_enabled(receiver->end, SD_EVENT_OFF);
	return receiver;
}

void receiver_free(struct receiver *receiver)
{
	if (!receiver)
		return;
	sd_event_source_disable_unref(receiver->pause);
	sd_event_source_disable_unref(receiver->end);
	resolve_free(receiver->resolve);
	fetch_free(receiver->fetch);
	secret_free(receiver->url);
	secret_free(receiver->token);
	free(receiver->shown);
	free(receiver);
}
