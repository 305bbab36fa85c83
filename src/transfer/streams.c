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
/* Between two tries for a tunnel that a disk can do without: the server may not let it come up
 * ever (pam_limits(8), maxlogins), or lock out who logs in too often. */
#define SPARE_PAUSE (5 * SECOND)
#define SPARE_PAUSE_MOST (600 * SECOND)

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
	struct stream *stream; /* the first of each disk, then the second of each, … */
	size_t count;
	struct stream *login;  /* the one that logs in now, or NULL */
	size_t last;           /* the one that was started last */
	unsigned number;       /* of the next tunnel */
	unsigned connect;      /* seconds for the next connection */
	bool complete;         /* up() was called, or goes_on: virt-v2v has its disks */
	bool spare;            /* virt-v2v can do without them */
	bool over;             /* failed() was, or streams_stop() */
	bool telling;          /* a callback runs */
	uint64_t broken;       /* since when, CLOCK_BOOTTIME in microseconds; 0: it is not */
	char *said;            /* the reason that was logged last, or NULL */
	uint64_t spare_pause;  /* microseconds */
	uint64_t spare_after;  /* no try for a spare tunnel before, CLOCK_BOOTTIME */
	sd_event_source *again;
};

static void start_next(struct streams *streams);

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

static bool disk_is_up(const struct streams *streams, size_t disk)
{
	for (size_t i = disk; i < streams->count; i += streams->plan.count)
		if (streams->stream[i].up)
			return true;
	return false;
}

static bool each_disk_is_up(const struct streams *streams)
{
	for (size_t disk = 0; disk < streams->plan.count; disk++)
		if (!disk_is_up(streams, disk))
			return false;
	return true;
}

static void all_up(struct streams *streams)
{
	AUTO_FREE char *took = text_duration(streams_outage(streams) / SECOND);

	if (streams->broken) {
		log_notice("the tunnels are back after %s", took);
		streams->broken = streams->spare_after = 0;
		streams->spare_pause = SPARE_PAUSE;
		free(steal(streams->said));
		return;
	}
	if (streams->complete)
		return;
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
	log_warning("%s; making it again%s", reason, streams->spare ? "" : ", virt-v2v waits");
	free(streams->said);
	streams->said = text_copy(without_disk(reason));
}

static void wait_for(struct streams *streams, uint64_t microseconds)
{
	if (streams->login)
		return;
	sd_event_source_set_time_relative(streams->again, microseconds);
	sd_event_source_set_enabled(streams->again, SD_EVENT_ONESHOT);
}

/* The disk has others. */
static void try_spare_later(struct streams *streams, const char *reason)
{
	log_info("%s; the disk has other tunnels", reason);
	streams->spare_after = now(streams) + streams->spare_pause;
	if (streams->spare_pause < SPARE_PAUSE_MOST)
		streams->spare_pause *= 2;
}

/* What is under way for a disk that can do without must not keep another one waiting. */
static void give_up_spare(struct streams *streams)
{
	struct stream *spare = streams->login;

	if (!spare || !disk_is_up(streams, spare->disk))
		return;
	tunnel_free(steal(spare->tunnel));
	streams->login = NULL;
}

/* A disk is without a tunnel, or a new one did not come up because of @reason. */
static void try_later(struct streams *streams, const char *reason)
{
	AUTO_FREE char *over = NULL;

	if (!streams->complete || !streams->plan.relay) {
		fail(streams, reason);
		return;
	}
	if (!streams->broken)
		streams->broken = now(streams);
	if (!streams->spare && streams_outage(streams) >= streams->plan.patience * SECOND) {
		over = text_format("%s; p2v.reconnect_timeout sets how long to try", reason);
		fail(streams, over);
		return;
	}
	tell(streams, reason);
	give_up_spare(streams);
	wait_for(streams, pause_of_outage(streams_outage(streams)));
}

static void lost(struct streams *streams, const struct stream *stream, const char *reason)
{
	if (streams->over)
		return;
	if (disk_is_up(streams, stream->disk))
		try_spare_later(streams, reason);
	else
		try_later(streams, reason);
	if (!streams->over && each_disk_is_up(streams))
		start_next(streams);
}

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
	lost(streams, stream, reason);
}

void streams_are_spare(struct streams *streams, bool spare)
{
	streams->spare = spare;
}

void streams_look(struct streams *streams)
{
	for (size_t i = 0; i < streams->count; i++)
		if (streams->stream[i].up)
			tunnel_look(streams->stream[i].tunnel);
}

/* The next that is to be made: of a disk that has none, or with @spare of any. */
static struct stream *next_down(struct streams *streams, bool spare)
{
	for (size_t i = 1; i <= streams->count; i++) {
		struct stream *stream = &streams->stream[(streams->last + i) % streams->count];

		if (!stream->up && (spare || !disk_is_up(streams, stream->disk)))
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
		listen = text_format("%s/tunnels/%zu-%u", streams->plan.workdir, stream->disk,
				     stream->number);
		way.listen = listen;
	}
	if (streams->complete)
		way.connect = streams->connect;
	streams->last = (size_t)(stream - streams->stream);
	streams->login = stream;
	if (tunnel_start(streams->event, streams->plan.login, &way, disk->name, &events,
			 &stream->tunnel, &reason) < 0) {
		streams->login = NULL;
		lost(streams, stream, reason);
	}
}

static void start_spare(struct streams *streams)
{
	struct stream *stream = next_down(streams, true);

	if (!stream || streams->over)
		return;
	if (now(streams) < streams->spare_after)
		wait_for(streams, streams->spare_after - now(streams));
	else
		start(stream);
}

static void start_next(struct streams *streams)
{
	struct stream *stream = next_down(streams, false);

	if (streams->over || streams->login)
		return;
	if (stream) {
		start(stream);
		return;
	}
	all_up(streams);
	start_spare(streams);
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
		.stream = memory_zero(plan->count * plan->each, sizeof(struct stream)),
		.count = plan->count * plan->each,
		.last = plan->count * plan->each - 1,
		.connect = CONNECT_SECONDS,
		.number = plan->first,
		.complete = plan->goes_on,
		.spare_pause = SPARE_PAUSE,
	};
	for (size_t i = 0; i < streams->count; i++)
		streams->stream[i] = (struct stream){ .streams = streams, .disk = i % plan->count };
	if (sd_event_add_time_relative(event, &streams->again, CLOCK_BOOTTIME, 0, 0, on_again,
				       streams) < 0)
		abort(); /* no memory */
	if (plan->goes_on)
		streams->broken = now(streams);
	return streams;
}

void streams_stop(struct streams *streams)
{
	assert(!streams->telling);
	streams->over = true;
	sd_event_source_set_enabled(streams->again, SD_EVENT_OFF);
	if (streams->login)
		tunnel_free(steal(streams->login->tunnel));
	streams->login = NULL;
}

void streams_free(struct streams *streams)
{
	if (!streams)
		return;
	assert(!streams->telling);
	sd_event_source_disable_unref(streams->again);
	for (size_t i = 0; i < streams->count; i++)
		tunnel_free(streams->stream[i].tunnel);
	free(streams->stream);
	free(streams->said);
	free(streams);
}
