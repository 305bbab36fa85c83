// SPDX-License-Identifier: GPL-2.0-or-later
/* The transfer of all disks: an export and a tunnel for each. */
#include "transfer/transfer.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/progress_line.h"
#include "base/text.h"
#include "transfer/export.h"
#include "transfer/progress.h"

#include <assert.h>

struct lane {
	struct export *export;
	struct tunnel *tunnel;
	struct progress progress;
};

struct transfer {
	sd_event *event;
	const struct disks *disks;
	const char *directory;
	const struct tunnel_login *login;
	struct transfer_events events;
	struct lane *lanes; /* one for each disk */
	uint16_t *ports;    /* likewise; 0 until the tunnel is up */
	size_t exported, tunnelled;
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
		.ports = memory_zero(disks->count, sizeof(uint16_t)),
	};
	for (size_t i = 0; i < disks->count; i++)
		transfer->lanes[i].progress.size = disks->disk[i].size;
	return transfer;
}

void transfer_free(struct transfer *transfer)
{
	if (!transfer)
		return;
	assert(!transfer->telling);
	for (size_t i = 0; i < transfer->disks->count; i++)
		tunnel_free(transfer->lanes[i].tunnel);
	/* All at once: one dead controller can keep every one of them waiting. */
	for (size_t i = 0; i < transfer->disks->count; i++)
		export_stop(transfer->lanes[i].export);
	for (size_t i = 0; i < transfer->disks->count; i++)
		export_free(transfer->lanes[i].export);
	free(transfer->lanes);
	free(transfer->ports);
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

void transfer_export(struct transfer *transfer)
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

		if (export_start(transfer->event, transfer->directory, &transfer->disks->disk[i],
				 &events, &transfer->lanes[i].export, &reason) < 0) {
			fail(transfer, reason);
			return;
		}
	}
}

static void start_next_tunnel(struct transfer *transfer);

static void on_tunnel_up(void *user, uint16_t port)
{
	struct transfer *transfer = user;
	size_t i = transfer->tunnelled++;

	transfer->ports[i] = port;
	log_info("disk '%s' is on port %u of the server's loopback", transfer->disks->disk[i].path,
		 port);
	start_next_tunnel(transfer);
}

/* One after the other: sshd refuses some of many logins at the same time (sshd_config(5),
 * MaxStartups), and a machine can have dozens of disks. */
static void start_next_tunnel(struct transfer *transfer)
{
	struct tunnel_events events = {
		.up = on_tunnel_up,
		.failed = fail,
		.user = transfer,
	};
	size_t i = transfer->tunnelled;
	AUTO_FREE char *reason = NULL;

	if (i == transfer->disks->count)
		tell(transfer, transfer->events.tunnelled);
	else if (tunnel_start(transfer->event, transfer->login,
			      export_socket(transfer->lanes[i].export),
			      transfer->disks->disk[i].name, &events, &transfer->lanes[i].tunnel,
			      &reason) < 0)
		fail(transfer, reason);
}

void transfer_tunnel(struct transfer *transfer, const struct tunnel_login *login)
{
	assert(transfer->exported == transfer->disks->count && !transfer->login);
	transfer->login = login;
	start_next_tunnel(transfer);
}

const uint16_t *transfer_ports(const struct transfer *transfer)
{
	return transfer->ports;
}

char **transfer_progress(struct transfer *transfer, bool estimate)
{
	char **lines = NULL;
	uint64_t now = 0;

	sd_event_now(transfer->event, CLOCK_BOOTTIME, &now);
	for (size_t i = 0; i < transfer->disks->count; i++) {
		struct lane *lane = &transfer->lanes[i];

		if (lane->export)
			progress_sample(&lane->progress, export_bytes_read(lane->export), now);
		list_append(&lines,
			    progress_line(transfer->disks->disk[i].name, lane->progress.bytes,
					  lane->progress.size, (uint64_t)lane->progress.rate,
					  estimate ? progress_remaining(&lane->progress) :
						     PROGRESS_LINE_UNKNOWN));
	}
	return lines;
}

const struct progress *transfer_disk(const struct transfer *transfer, size_t index)
{
	return &transfer->lanes[index].progress;
}

uint64_t transfer_bytes(const struct transfer *transfer)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < transfer->disks->count; i++)
		bytes += transfer->lanes[i].progress.bytes;
	return bytes;
}
