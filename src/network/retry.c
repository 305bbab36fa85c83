// SPDX-License-Identifier: GPL-2.0-or-later
/* Trying again until a deadline. */
#include "network/retry.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/pause.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

#define SECOND 1000000ULL
#define PAUSE_FIRST (1 * SECOND)

struct retry {
	const struct config *config;
	struct retry_events events;
	char *what;
	const char *parameter;   /* the one that sets the deadline, or NULL */
	uint64_t deadline;       /* CLOCK_BOOTTIME, microseconds */
	uint64_t pause, longest; /* microseconds; longest 0: pauses as in pause.h */
	uint64_t begun;          /* CLOCK_BOOTTIME, microseconds */
	char *said;              /* the reason that was logged last, or NULL */
	sd_event_source *timer;
};

static uint64_t now(const struct retry *retry)
{
	uint64_t time = 0;

	sd_event_now(sd_event_source_get_event(retry->timer), CLOCK_BOOTTIME, &time);
	return time;
}

static void set_timer(struct retry *retry, uint64_t time)
{
	sd_event_source_set_time(retry->timer, time);
	sd_event_source_set_enabled(retry->timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *source, uint64_t time, void *user)
{
	struct retry *retry = user;

	(void)source, (void)time;
	retry->events.again(retry->events.user);
	return 0;
}

struct retry *retry_new(sd_event *event, const struct config *config, const char *what,
			const struct retry_events *events)
{
	struct retry *retry = memory_zero(1, sizeof(*retry));

	*retry = (struct retry){ .config = config, .events = *events, .what = text_copy(what) };
	if (sd_event_add_time_relative(event, &retry->timer, CLOCK_BOOTTIME, 0, 0, on_timer,
				       retry) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(retry->timer, SD_EVENT_OFF);
	return retry;
}

void retry_free(struct retry *retry)
{
	if (!retry)
		return;
	sd_event_source_disable_unref(retry->timer);
	free(retry->what);
	free(retry->said);
	free(retry);
}

void retry_begin(struct retry *retry, enum retry_limit limit)
{
	const struct config *config = retry->config;
	const struct {
		unsigned seconds, longest;
		const char *parameter;
	} limits[] = {
		[RETRY_NETWORK] = { config->network_timeout, 5, "p2v.network_timeout" },
		[RETRY_SERVER] = { config->connect_timeout, 30, "p2v.connect_timeout" },
		[RETRY_LINK] = { config->reconnect_timeout, 0, "p2v.reconnect_timeout" },
		[RETRY_BRIEFLY] = { 15, 8, NULL },
	};

	retry->parameter = limits[limit].parameter;
	retry->longest = limits[limit].longest * SECOND;
	free(steal(retry->said));
	retry->begun = now(retry);
	retry->deadline = retry->begun + limits[limit].seconds * SECOND;
	retry->pause = PAUSE_FIRST;
	set_timer(retry, now(retry));
}

static void say(struct retry *retry, const char *reason)
{
	uint64_t left = (retry->deadline - now(retry) + SECOND - 1) / SECOND;
	AUTO_FREE char *line = text_format("waiting for %s, %" PRIu64 " s more", retry->what, left);

	if (!retry->said || strcmp(retry->said, reason)) {
		log_notice("waiting for %s: %s; trying for %" PRIu64 " s more", retry->what, reason,
			   left);
		free(retry->said);
		retry->said = text_copy(reason);
	}
	retry->events.waiting(retry->events.waiting_user, line);
}

char *retry_later(struct retry *retry, const char *reason)
{
	if (now(retry) >= retry->deadline) {
		retry_rest(retry);
		return retry->parameter ? text_format("%s; %s sets how long to try", reason,
						      retry->parameter) :
					  text_copy(reason);
	}
	say(retry, reason);
	if (!retry->longest)
		retry->pause = pause_of_outage(now(retry) - retry->begun);
	set_timer(retry, now(retry) + retry->pause);
	retry->pause = 2 * retry->pause < retry->longest ? 2 * retry->pause : retry->longest;
	return NULL;
}

void retry_rest(struct retry *retry)
{
	retry->events.waiting(retry->events.waiting_user, NULL);
}
