// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2vd does and how far it is, as JSON. */
#include "service/status_json.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/log.h"
#include "base/progress_line.h"
#include "base/text.h"
#include "server/v2v_step.h"

#include <string.h>
#include <syslog.h>

const char *activity_name(enum activity activity)
{
	static const char *const names[] = {
		[ACTIVITY_WAITING] = "waiting", [ACTIVITY_CONFIGURING] = "configuring",
		[ACTIVITY_TESTING] = "testing", [ACTIVITY_CONVERTING] = "converting",
		[ACTIVITY_ENDING] = "ending",   [ACTIVITY_ENDED] = "ended",
		[ACTIVITY_LEAVING] = "leaving",
	};

	return names[activity];
}

sd_json_variant *message_json(int priority, const char *line)
{
	sd_json_variant *message = NULL;

	json_put_text(&message, "severity",
		      priority <= LOG_ERR     ? "error" :
		      priority == LOG_WARNING ? "warning" :
		      priority == LOG_NOTICE  ? "notice" :
						"debug");
	json_put_text(&message, "text", line);
	return message;
}

static sd_json_variant *disk_json(const struct conversion *conversion, size_t index, bool estimate)
{
	const char *name;
	const struct progress *progress = conversion_disk(conversion, index, &name);
	uint64_t remaining = progress_remaining(progress);
	sd_json_variant *disk = NULL;

	json_put_text(&disk, "name", name);
	json_put_number(&disk, "size", progress->disk);
	if (progress->exact)
		json_put_number(&disk, "used", progress->size);
	json_put_number(&disk, "read", progress->bytes);
	json_put_number(&disk, "rate", (uint64_t)progress->rate);
	if ((estimate || progress->exact) && remaining != PROGRESS_LINE_UNKNOWN)
		json_put_number(&disk, "remaining", remaining);
	return disk;
}

/* Without what is secret: it comes from the server. */
static void put_clean(sd_json_variant **object, const char *name, const char *text)
{
	AUTO_FREE char *clean = text ? log_clean(text) : NULL;

	json_put_text(object, name, clean);
}

static void put_conversion(sd_json_variant **object, struct conversion *conversion)
{
	struct conversion_status status;
	sd_json_variant *disks = json_array();

	conversion_status(conversion, &status);
	json_put_text(object, "server", status.server);
	json_put_text(object, "state", status.name);
	if (status.number) {
		json_put_number(object, "number", status.number);
		json_put_number(object, "count", status.count);
	}
	json_put_number(object, "elapsed", status.elapsed);
	if (status.outage)
		json_put_number(object, "outage", status.outage);
	json_put_text(object, "guest", status.guest);
	json_put_text(object, "workdir", status.workdir);
	if (status.try > 1) {
		json_put_number(object, "try", status.try);
		json_put_number(object, "tries", status.tries);
		put_clean(object, "failure", status.failure);
	}
	if (status.place->place) {
		json_put_number(object, "place", status.place->place);
		json_put_number(object, "running", status.place->running);
		json_put_number(object, "slots", status.place->slots);
		json_put_text(object, "ahead", status.place->guests);
		if (status.place->seconds != QUEUE_UNKNOWN)
			json_put_number(object, "turn", status.place->seconds);
	}
	if (status.step->number) {
		put_clean(object, "step", status.step->text);
		json_put_number(object, "stepNumber", status.step->number);
		json_put_number(object, "stepCount", status.step->count);
	}
	for (size_t i = 0; i < status.disks; i++)
		json_append(&disks, disk_json(conversion, i, status.estimate));
	json_put(object, "disks", disks);
}

sd_json_variant *result_json(const struct session *session, const struct session_result *result)
{
	struct conversion *conversion = session_conversion(session);
	struct conversion_status status = { 0 };
	sd_json_variant *object = NULL;

	if (conversion)
		conversion_status(conversion, &status);
	json_put_integer(&object, "code", result->code);
	json_put_truth(&object, "test", result->test);
	if (result->inventory)
		json_put_truth(&object, "inventory", true);
	json_put_text(&object, "reason", result->reason);
	json_put_text(&object, "guest", result->guest);
	json_put_number(&object, "bytes", status.bytes);
	return object;
}

sd_json_variant *status_json(const struct session *session)
{
	struct conversion *conversion = session_conversion(session);
	const struct session_result *result = session_result(session);
	AUTO_FREE char *outage = conversion ? conversion_outage(conversion) : NULL;
	sd_json_variant *object = NULL;

	json_put_text(&object, "version", P2VD_VERSION);
	json_put_text(&object, "activity", activity_name(session_activity(session)));
	json_put_text(&object, "waiting", outage ?: session_waiting(session));
	if (session_config(session)->task == TASK_INVENTORY)
		json_put_text(&object, "do", "inventory");
	if (conversion)
		put_conversion(&object, conversion);
	else
		json_put_text(&object, "server", session_config(session)->server);
	if (result)
		json_put(&object, "result", result_json(session, result));
	if (session_set_since(session))
		json_put(&object, "setSince", json_texts(session_set_since(session)));
	return object;
}

/* ---- a conversion server --------------------------------------------------------- */

static void put_space(sd_json_variant **object, const char *name, const struct space *space)
{
	AUTO_FREE char *free_name = text_format("%sFree", name);

	json_put_text(object, name, space->directory);
	if (space->directory && space->bytes != UINT64_MAX)
		json_put_number(object, free_name, space->bytes);
}

static sd_json_variant *modes_json(char *const *capabilities)
{
	static const char output[] = "output:";
	sd_json_variant *modes = json_array();

	for (; capabilities && *capabilities; capabilities++)
		if (text_begins(*capabilities, output))
			json_append(&modes, json_text(*capabilities + strlen(output)));
	return modes;
}

sd_json_variant *server_json(const struct server *server, const char *address, const char *hostkey)
{
	sd_json_variant *object = NULL;

	json_put_text(&object, "address", address);
	json_put_text(&object, "hostkey", hostkey);
	json_put_text(&object, "user", server->user);
	json_put_text(&object, "system", server->system);
	json_put_text(&object, "architecture", server->arch);
	json_put_text(&object, "virtV2v", server->version);
	json_put(&object, "outputModes", modes_json(server->capabilities));
	put_space(&object, "storage", &server->storage);
	put_space(&object, "temporary", &server->temporary);
	return object;
}
