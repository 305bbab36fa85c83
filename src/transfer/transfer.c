// SPDX-License-Identifier: GPL-2.0-or-later
/* The transfer of all disks: an export and tunnels to the server. */
#include "transfer/transfer.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/progress_line.h"
#include "base/text.h"
#include "transfer/export.h"
#include "transfer/progress.h"
#include "transfer/streams.h"

#include <assert.h>

struct lane {
	struct export *export;
	struct progress progress;
	uint64_t read; /* bytes, some of them twice */
};

struct transfer {
	sd_event *event;
	const struct disks *disks;
	const char *directory;
	struct transfer_events events;
	struct lane *lanes; /* one for each disk */
	struct streams *streams;         /* NULL until they are started */
	struct streams_disk *tunnelled;  /* what they are told of the disks */
	char *workdir;                   /* likewise */
	size_t exported;
	bool started, telling, failed; /* exports were; a callback runs; failed() was called */
};

struct transfer *transfer_new(sd_event *event, const struct disks *disks, const char *directory,
			      const struct transfer_events *events)
{
	struct transfer *transfer = memory_zero(1, sizeof(*transfer));

	*transfer = (struct transfer){
		.event = event,
		.disks = disks,
		.directory = directory,
		.events = *events,
		.lanes = memory_zero(disks->count, sizeof(struct lane)),
	};
	for (size_t i = 0; i < disks->count; i++)
		transfer->lanes[i].progress = (struct progress){ .disk = disks->disk[i].size,
								 .size = disks->disk[i].size };
	return transfer;
}

void transfer_free(struct transfer *transfer)
{
	if (!transfer)
		return;
	assert(!transfer->telling);
	streams_free(transfer->streams);
	for (size_t i = 0; i < transfer->disks->count; i++)
		export_free(transfer->lanes[i].export);
	free(transfer->lanes);
	free(transfer->tunnelled);
	free(transfer->workdir);
	free(transfer);
}

static void tell(struct transfer *transfer, void (*event)(void *user))
{
	if (transfer->failed)
		return;
	transfer->telling = true;
	event(transfer->events.user);
	transfer->telling = false;
}

/* The first failure counts. */
static void fail(void *user, const char *reason)
{
	struct transfer *transfer = user;

	if (transfer->failed)
		return;
	transfer->failed = transfer->telling = true;
	transfer->events.failed(transfer->events.user, reason);
	transfer->telling = false;
}

static void on_export_ready(void *user)
{
	struct transfer *transfer = user;

	if (++transfer->exported == transfer->disks->count)
		tell(transfer, transfer->events.exported);
}

char *transfer_name(const char *run, size_t index)
{
	return text_format("p2vd-%s-%zu", run, index);
}

void transfer_export(struct transfer *transfer, const char *run)
{
	struct export_events events = {
		.ready = on_export_ready,
		.failed = fail,
		.user = transfer,
	};

	assert(!transfer->started);
	transfer->started = true;
	for (size_t i = 0; i < transfer->disks->count; i++) {
		AUTO_FREE char *reason = NULL;
		AUTO_FREE char *name = run ? transfer_name(run, i) : text_copy("");

		if (export_start(transfer->event, transfer->directory, &transfer->disks->disk[i],
				 name, &events, &transfer->lanes[i].export, &reason) < 0) {
			fail(transfer, reason);
			return;
		}
	}
}

static void on_tunnelled(void *user)
{
	struct transfer *transfer = user;

	tell(transfer, transfer->events.tunnelled);
}

static void on_port(void *user, size_t disk, unsigned number, uint16_t port)
{
	struct transfer *transfer = user;

	if (!transfer->failed)
		transfer->events.port(transfer->events.user, disk, number, port);
}

void transfer_tunnel(struct transfer *transfer, const struct transfer_way *way)
{
	size_t count = transfer->disks->count;
	struct streams_plan plan = { .login = way->login,
				     .relay = way->relay,
				     .patience = way->patience,
				     .each = way->relay ? way->streams : 1,
				     .goes_on = way->goes_on,
				     .first = way->first,
				     .count = count };
	struct streams_events events = {
		.up = on_tunnelled,
		.port = on_port,
		.failed = fail,
		.user = transfer,
	};

	assert(transfer->exported == count && !transfer->streams);
	plan.workdir = transfer->workdir = text_copy(way->workdir);
	plan.disks = transfer->tunnelled = memory_zero(count, sizeof(*plan.disks));
	for (size_t i = 0; i < count; i++)
		plan.disks[i] = (struct streams_disk){ transfer->disks->disk[i].name,
						       export_socket(transfer->lanes[i].export) };
	transfer->streams = streams_new(transfer->event, &plan, &events);
}

uint16_t transfer_port(const struct transfer *transfer, size_t index)
{
	return streams_port(transfer->streams, index);
}

void transfer_stop(struct transfer *transfer)
{
	if (transfer->streams)
		streams_stop(transfer->streams);
}

void transfer_look(struct transfer *transfer)
{
	if (transfer->streams)
		streams_look(transfer->streams);
}

void transfer_is_spare(struct transfer *transfer, bool spare)
{
	if (transfer->streams)
		streams_are_spare(transfer->streams, spare);
}

uint64_t transfer_outage(const struct transfer *transfer)
{
	return transfer->streams ? streams_outage(transfer->streams) : 0;
}

/* PROGRESS_LINE_UNKNOWN, as long as only the disk's size is known and nothing is copied. */
static uint64_t remaining(const struct progress *progress, bool estimate)
{
	return estimate || progress->exact ? progress_remaining(progress) : PROGRESS_LINE_UNKNOWN;
}

char **transfer_progress(struct transfer *transfer, bool estimate)
{
	struct progress_sum sum = { 0 };
	char **lines = NULL;
	char *all;
	uint64_t now = 0;

	sd_event_now(transfer->event, CLOCK_BOOTTIME, &now);
	for (size_t i = 0; i < transfer->disks->count; i++) {
		struct lane *lane = &transfer->lanes[i];
		const struct progress *progress = &lane->progress;

		if (lane->export) {
			lane->read = export_bytes_read(lane->export);
			progress_sample(&lane->progress, lane->read, now);
		}
		progress_sum_add(&sum, progress->bytes, progress->size, (uint64_t)progress->rate,
				 remaining(progress, estimate));
	}
	all = progress_sum_line(&sum);
	if (all)
		list_append(&lines, all);
	for (size_t i = 0; i < transfer->disks->count; i++) {
		const struct progress *progress = &transfer->lanes[i].progress;

		list_append(&lines, progress_line(transfer->disks->disk[i].name, progress->bytes,
						  progress->size, (uint64_t)progress->rate,
						  remaining(progress, estimate)));
	}
	return lines;
}

void transfer_map(struct transfer *transfer, size_t index, uint64_t used, uint64_t fetched)
{
	uint64_t now = 0;

	sd_event_now(transfer->event, CLOCK_BOOTTIME, &now);
	if (index < transfer->disks->count)
		progress_map(&transfer->lanes[index].progress, used, fetched, now);
}

const struct progress *transfer_disk(const struct transfer *transfer, size_t index)
{
	return &transfer->lanes[index].progress;
}

uint64_t transfer_bytes(const struct transfer *transfer)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < transfer->disks->count; i++)
		bytes += transfer->lanes[i].read;
	return bytes;
}
