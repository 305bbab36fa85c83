// SPDX-License-Identifier: GPL-2.0-or-later
/* Watching p2vd: its messages and how far it is. */
#include "client/watch.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"
#include "client/message.h"

#define TICK_MICROSECONDS 1000000ULL

struct watch {
	sd_event *event;
	struct client *client;
	struct screen *screen;
	sd_event_source *tick;
	struct watch_events events;
	bool skips; /* the messages of the next reply are older */
	char **trouble; /* the warnings and errors that were shown */
	struct status status;
	uint64_t told; /* when the status came, CLOCK_MONOTONIC in microseconds */
};

static void draw(struct watch *watch)
{
	AUTO_LIST char **lines = NULL;
	uint64_t elapsed = watch->status.elapsed, now = 0;

	sd_event_now(watch->event, CLOCK_MONOTONIC, &now);
	if (elapsed != STATUS_UNKNOWN)
		elapsed += (now - watch->told) / TICK_MICROSECONDS;
	lines = status_progress(&watch->status, elapsed);
	screen_area(watch->screen, lines);
}

/* p2vd tells of a change, and time that goes by is none. */
static int on_tick(sd_event_source *source, uint64_t now, void *user)
{
	draw(user);
	sd_event_source_set_time(source, now + TICK_MICROSECONDS);
	return 0;
}

static void show(struct watch *watch, sd_json_variant *reply)
{
	AUTO_LIST char **lines = watch->skips ? NULL : message_lines(reply);

	for (char **line = lines; line && *line; line++) {
		screen_line(watch->screen, *line);
		/* virt-v2v may say a hundred thousand lines, but these are few. */
		if (message_is_trouble(*line))
			list_append(&watch->trouble, text_copy(*line));
	}
	watch->skips = false;
}

static void take_status(struct watch *watch, sd_json_variant *json)
{
	status_clear(&watch->status);
	status_read(&watch->status, json);
	sd_event_now(watch->event, CLOCK_MONOTONIC, &watch->told);
	draw(watch);
}

static void on_reply(void *user, const struct client_reply *reply)
{
	struct watch *watch = user;
	sd_json_variant *status = field_value(reply->parameters, "status");
	/* p2vd does not stop telling before it ends. */
	const struct client_reply gone = {
		.result = CLIENT_LOST,
		.error = CLIENT_DISCONNECTED,
	};

	if (reply->result != CLIENT_ANSWER) {
		watch->events.lost(watch->events.user, watch->client, reply);
		return;
	}
	show(watch, reply->parameters);
	screen_json(watch->screen, reply->parameters, true);
	if (status)
		take_status(watch, status);
	if (!reply->more && !status_is_over(&watch->status))
		watch->events.lost(watch->events.user, watch->client, &gone);
	else if (status)
		watch->events.told(watch->events.user, &watch->status);
}

int watch_start(sd_event *event, const char *path, struct screen *screen, bool earlier,
		const struct watch_events *events, struct watch **result, char **reason)
{
	struct client *client = NULL;
	struct watch *watch;
	int r = client_open(event, path, &client, reason);

	if (r < 0)
		return r;
	watch = memory_zero(1, sizeof(*watch));
	*watch = (struct watch){
		.event = sd_event_ref(event),
		.client = client,
		.screen = screen,
		.events = *events,
		.skips = !earlier,
	};
	/* Without it, the elapsed time stands still between two replies, and that is all. */
	if (sd_event_add_time_relative(event, &watch->tick, CLOCK_MONOTONIC, TICK_MICROSECONDS, 0,
				       on_tick, watch) >= 0)
		sd_event_source_set_enabled(watch->tick, SD_EVENT_ON);
	client_watch(client, on_reply, watch);
	*result = watch;
	return 0;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	screen_area(watch->screen, NULL);
	sd_event_source_disable_unref(watch->tick);
	client_free(watch->client);
	status_clear(&watch->status);
	list_free(watch->trouble);
	sd_event_unref(watch->event);
	free(watch);
}

void watch_show_rest(struct watch *watch, sd_json_variant *reply)
{
	AUTO_LIST char **lines = watch ? message_lines(reply) : NULL;

	for (char **line = lines; line && *line; line++)
		if (!list_contains(watch->trouble, *line))
			screen_line(watch->screen, *line);
}
