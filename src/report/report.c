// SPDX-License-Identifier: GPL-2.0-or-later
/* The reports of p2v.report: changes, documents, and when to send them. */
#include "report/report.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/receiver.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <time.h>

#define CHANGES_MOST 100 /* kept for a receiver that is down; the oldest give way */
#define SECOND 1000000ULL
#define TYPE "io.p2vd."

struct change {
	char *state, *reason, *time;
};

struct report {
	sd_event *event;
	struct report_events events;
	struct receiver **receiver;
	size_t receivers, left; /* left: have not finished yet */
	struct change change[CHANGES_MOST]; /* the one with number n has index n % CHANGES_MOST */
	uint64_t changes;
	uint64_t documents;
	char run[SD_ID128_STRING_MAX]; /* of the documents' names */
	unsigned interval;
	const char *task; /* in the documents' type */
	sd_event_source *tick, *limit;
};

/* As RFC 3339 has it. The caller frees. */
static char *time_text(void)
{
	struct timespec now;
	struct tm parts;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	return text_format("%s.%03ldZ", text, now.tv_nsec / 1000000);
}

static void clear_change(struct change *change)
{
	free(change->state);
	free(change->reason);
	free(change->time);
	*change = (struct change){ 0 };
}

/* ---- the document --------------------------------------------------------------- */

static sd_json_variant *changes_json(const struct report *report, uint64_t first)
{
	sd_json_variant *array = json_array();

	for (uint64_t i = first; i < report->changes; i++) {
		const struct change *change = &report->change[i % CHANGES_MOST];
		sd_json_variant *object = NULL;

		json_put_number(&object, "number", i + 1);
		json_put_text(&object, "time", change->time);
		json_put_text(&object, "state", change->state);
		json_put_text(&object, "reason", change->reason);
		json_append(&array, object);
	}
	return array;
}

static const char *source_of(sd_json_variant *data)
{
	sd_json_variant *machine = sd_json_variant_by_key(data, "machine");
	sd_json_variant *name = machine ? sd_json_variant_by_key(machine, "uuid") : NULL;

	if (machine && !name)
		name = sd_json_variant_by_key(machine, "mac");
	return name && sd_json_variant_is_string(name) ? sd_json_variant_string(name) : "unknown";
}

static char *document(void *user, uint64_t told, uint64_t *holds)
{
	struct report *report = user;
	uint64_t kept = report->changes > CHANGES_MOST ? report->changes - CHANGES_MOST : 0;
	uint64_t first = told > kept ? told : kept, missed = report->changes - told;
	sd_json_variant *data = report->events.data(report->events.user), *event = NULL;
	AUTO_FREE char *id = text_format("%s-%" PRIu64, report->run, ++report->documents);
	AUTO_FREE char *source = text_format("/p2vd/%s", source_of(data));
	AUTO_FREE char *now = time_text();
	AUTO_FREE char *type = text_format(TYPE "%s.%s", report->task,
					   !missed     ? "progress" :
					   missed == 1 ? "state" :
							 "summary");
	char *text = NULL;

	json_put_text(&data, "run", report->run);
	json_put_number(&data, "sequence", report->documents);
	json_put(&data, "changes", changes_json(report, first));
	if (first > told)
		json_put_number(&data, "changesLost", first - told);
	json_put_text(&event, "specversion", "1.0");
	json_put_text(&event, "id", id);
	json_put_text(&event, "source", source);
	json_put_text(&event, "type", type);
	json_put_text(&event, "time", now);
	json_put_text(&event, "datacontenttype", "application/json");
	json_put(&event, "data", data);
	if (sd_json_variant_format(event, 0, &text) < 0)
		abort(); /* no memory */
	sd_json_variant_unref(event);
	*holds = report->changes;
	return text;
}

/* ---- when ------------------------------------------------------------------------- */

static void tell(struct report *report)
{
	for (size_t i = 0; i < report->receivers; i++)
		receiver_tell(report->receiver[i]);
}

static int on_tick(sd_event_source *source, uint64_t now, void *user)
{
	struct report *report = user;

	(void)now;
	if (report->events.moves(report->events.user))
		tell(report);
	sd_event_source_set_time_relative(source, report->interval * SECOND);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

void report_change(struct report *report, const char *name, const char *reason)
{
	struct change *change;

	if (!report)
		return;
	change = &report->change[report->changes++ % CHANGES_MOST];
	clear_change(change);
	*change = (struct change){ text_copy(name), text_copy(reason), time_text() };
	tell(report);
}

static void end(struct report *report)
{
	report->limit = sd_event_source_disable_unref(report->limit);
	report->left = 0;
	for (size_t i = 0; i < report->receivers; i++)
		receiver_give_up(report->receiver[i]);
	report->events.finished(report->events.user);
}

static int on_limit(sd_event_source *source, uint64_t now, void *user)
{
	(void)source, (void)now;
	end(user);
	return 0;
}

static void on_finished(void *user)
{
	struct report *report = user;

	if (report->left && !--report->left)
		end(report);
}

void report_finish(struct report *report, unsigned seconds)
{
	report->tick = sd_event_source_disable_unref(report->tick);
	report->left = report->receivers;
	if (sd_event_add_time_relative(report->event, &report->limit, CLOCK_BOOTTIME,
				       seconds * SECOND, 0, on_limit, report) < 0)
		abort(); /* no memory */
	for (size_t i = 0; i < report->receivers; i++)
		receiver_finish(report->receiver[i]);
}

/* ---- life time --------------------------------------------------------------------- */

struct report *report_new(sd_event *event, const struct config *config,
			  const struct report_events *events)
{
	struct report *report;
	sd_id128_t run;

	if (!config->reports || !*config->reports)
		return NULL;
	report = memory_zero(1, sizeof(*report));
	report->event = event;
	report->events = *events;
	report->interval = config->report_interval;
	report->task = config->task == TASK_INVENTORY ? "inventory" : "conversion";
	if (sd_id128_randomize(&run) < 0)
		abort(); /* the kernel has no random numbers */
	sd_id128_to_string(run, report->run);
	for (char *const *url = config->reports; *url; url++) {
		struct receiver *receiver = receiver_new(event, *url, config->report_token,
							 &(struct receiver_events){
								 document, on_finished, report });

		APPEND(report->receiver, report->receivers, receiver);
	}
	if (sd_event_add_time_relative(event, &report->tick, CLOCK_BOOTTIME,
				       report->interval * SECOND, 0, on_tick, report) < 0)
		abort(); /* no memory */
	return report;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	for (size_t i = 0; i < report->receivers; i++)
		receiver_free(report->receiver[i]);
	free(report->receiver);
	for (size_t i = 0; i < CHANGES_MOST; i++)
		clear_change(&report->change[i]);
	sd_event_source_disable_unref(report->tick);
	sd_event_source_disable_unref(report->limit);
	free(report);
}
