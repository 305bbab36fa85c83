// SPDX-License-Identifier: GPL-2.0-or-later
/* The tunnels of all disks, one login after the other, and again when they break. */
#include "transfer/streams.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/pause.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define SECOND 1000000ULL
#define CONNECT_SECONDS 4      /* for a new tunnel: a lost packet must not cost a minute */
#define CONNECT_SECONDS_MOST 32 /* where the server is slow to answer */

struct stream {
	struct streams *streams;
	size_t disk;
	struct tunnel *tunnel;
	unsigned number; /* of its tunnel */
	uint16_t port;
	bool up;
};

struct streams {
	sd_event *event;
	struct streams_plan plan;
	struct streams_events events;
	struct stream *stream; /* one for each disk */
	struct stream *login;  /* the one that logs in now, or NULL */
	size_t last;           /* the disk whose tunnel was started last */
	unsigned number;       /* of the next tunnel */
	unsigned connect;      /* seconds for the next connection */
	bool complete;         /* up() was called */
	bool over;             /* failed() was */
	bool telling;          /* a callback runs */
	uint64_t broken;       /* since when, CLOCK_BOOTTIME in microseconds; 0: it is not */
	char *said;            /* the reason that was logged last, or NULL */
	sd_event_source *again;
};

static uint64_t now(const struct streams *streams)
{
	uint64_t time = 0;

	sd_event_now(streams->event, CLOCK_BOOTTIME, &time);
	return time;
}

uint64_t streams_outage(const struct streams *streams)
{
	return streams->broken ? now(streams) - streams->broken : 0;
}

uint16_t streams_port(const struct streams *streams, size_t disk)
{
	return streams->stream[disk].port;
}

static void fail(struct streams *streams, const char *reason)
{
	if (streams->over)
		return;
	streams->over = streams->telling = true;
	sd_event_source_set_enabled(streams->again, SD_EVENT_OFF);
	streams->events.failed(streams->events.user, reason);
	streams->telling = false;
}

static void all_up(struct streams *streams)
{
	AUTO_FREE char *took = text_duration(streams_outage(streams) / SECOND);

	if (streams->complete) {
		log_notice("the tunnels are back after %s", took);
		streams->broken = 0;
		free(steal(streams->said));
		return;
	}
	streams->complete = streams->telling = true;
	streams->events.up(streams->events.user);
	streams->telling = false;
}

/* What is said of one disk's tunnel need not be said of the next one's. */
static const char *without_disk(const char *reason)
{
	const char *rest = strstr(reason, "' ");

	return rest ? rest : reason;
}

static void tell(struct streams *streams, const char *reason)
{
	if (streams->said && !strcmp(streams->said, without_disk(reason)))
		return;
	log_warning("%s; making it again, virt-v2v waits", reason);
	free(streams->said);
	streams->said = text_copy(without_disk(reason));
}

/* A tunnel has broken, or a new one did not come up because of @reason. */
static void try_later(struct streams *streams, const char *reason)
{
	AUTO_FREE char *over = NULL;

	if (!streams->complete || !streams->plan.relay) {
		fail(streams, reason);
		return;
	}
	if (!streams->broken)
		streams->broken = now(streams);
	if (streams_outage(streams) >= streams->plan.patience * SECOND) {
		over = text_format("%s; p2v.reconnect_timeout sets how long to try", reason);
		fail(streams, over);
		return;
	}
	tell(streams, reason);
	if (streams->login)
		return;
	sd_event_source_set_time_relative(streams->again, pause_of_outage(streams_outage(streams)));
	sd_event_source_set_enabled(streams->again, SD_EVENT_ONESHOT);
}

static void start_next(struct streams *streams);

static void on_up(void *user, uint16_t port)
{
	struct stream *stream = user;
	struct streams *streams = stream->streams;

	stream->up = true;
	stream->port = port;
	streams->login = NULL;
	streams->connect = CONNECT_SECONDS;
	if (port) {
		log_info("disk '%s' is on port %u of the server's loopback",
			 streams->plan.disks[stream->disk].name, port);
		streams->events.port(streams->events.user, stream->disk, stream->number, port);
	}
	start_next(streams);
}

/* A slow server gets more time: its answer to a login took longer than we waited. */
static void learn(struct streams *streams, const char *reason)
{
	if (strstr(reason, "banner exchange") && streams->connect < CONNECT_SECONDS_MOST)
		streams->connect *= 2;
}

static void on_failed(void *user, const char *reason)
{
	struct stream *stream = user;
	struct streams *streams = stream->streams;

	stream->up = false;
	tunnel_free(steal(stream->tunnel));
	if (streams->login == stream)
		streams->login = NULL;
	learn(streams, reason);
	try_later(streams, reason);
}

static struct stream *next_down(struct streams *streams)
{
	for (size_t i = 1; i <= streams->plan.count; i++) {
		struct stream *stream = &streams->stream[(streams->last + i) % streams->plan.count];

		if (!stream->up)
			return stream;
	}
	return NULL;
}

static void start(struct stream *stream)
{
	struct streams *streams = stream->streams;
	const struct streams_disk *disk = &streams->plan.disks[stream->disk];
	struct tunnel_events events = { .up = on_up, .failed = on_failed, .user = stream };
	AUTO_FREE char *listen = NULL;
	AUTO_FREE char *reason = NULL;
	struct tunnel_way way = { .socket = disk->socket, .again = streams->plan.relay };

	stream->number = streams->number++;
	if (streams->plan.workdir) {
		listen = text_format("%s/tunnel-%zu-%u", streams->plan.workdir, stream->disk,
				     stream->number);
		way.listen = listen;
	}
	if (streams->complete)
		way.connect = streams->connect;
	streams->last = stream->disk;
	streams->login = stream;
	if (tunnel_start(streams->event, streams->plan.login, &way, disk->name, &events,
			 &stream->tunnel, &reason) < 0) {
		streams->login = NULL;
		try_later(streams, reason);
	}
}

static void start_next(struct streams *streams)
{
	struct stream *stream = next_down(streams);

	if (streams->over)
		return;
	if (stream)
		start(stream);
	else
		all_up(streams);
}

static int on_again(sd_event_source *source, uint64_t time, void *user)
{
	(void)source, (void)time;
	start_next(user);
	return 0;
}

struct streams *streams_new(sd_event *event, const struct streams_plan *plan,
			    const struct streams_events *events)
{
	struct streams *streams = memory_zero(1, sizeof(*streams));

	*streams = (struct streams){
		.event = event,
		.plan = *plan,
		.events = *events,
		.stream = memory_zero(plan->count, sizeof(struct stream)),
		.last = plan->count - 1,
		.connect = CONNECT_SECONDS,
	};
	for (size_t i = 0; i < plan->count; i++)
		streams->stream[i] = (struct stream){ .streams = streams, .disk = i };
	if (sd_event_add_time_relative(event, &streams->again, CLOCK_BOOTTIME, 0, 0, on_again,
				       streams) < 0)
		abort(); /* no memory */
	return streams;
}

void streams_free(struct streams *streams)
{
	if (!streams)
		return;
	assert(!streams->telling);
	sd_event_source_disable_unref(streams->again);
	for (size_t i = 0; i < streams->plan.count; i++)
		tunnel_free(streams->stream[i].tunnel);
	free(streams->stream);
	free(streams->said);
	free(streams);
}
