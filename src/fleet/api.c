// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2v-fleetd tells other programs, as JSON. */
#include "fleet/api.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/moment.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static char *text_of(sd_json_variant *value)
{
	char *text = NULL;

	if (sd_json_variant_format(value, 0, &text) < 0)
		abort(); /* no memory */
	sd_json_variant_unref(value);
	return text;
}

static void put_known(sd_json_variant **object, const char *key, uint64_t number)
{
	if (number != DOCUMENT_UNKNOWN)
		json_put_number(object, key, number);
}

static void put_moment(sd_json_variant **object, const char *key, int64_t moment)
{
	AUTO_FREE char *text = moment_text(moment);

	json_put_text(object, key, text);
}

static void put_null(sd_json_variant **object, const char *key)
{
	sd_json_variant *null = NULL;

	if (sd_json_variant_new_null(&null) >= 0)
		json_put(object, key, null);
}

/* An address as people write it, with colons. */
static void put_mac(sd_json_variant **object, const char *mac)
{
	AUTO_FREE char *text = text_copy(mac);

	for (char *c = text; c && *c; c++)
		if (*c == '-')
			*c = ':';
	json_put_text(object, "mac", text);
}

static sd_json_variant *disks_json(const struct document *document)
{
	sd_json_variant *array = NULL;

	for (size_t i = 0; i < document->disks; i++) {
		const struct document_disk *disk = &document->disk[i];
		sd_json_variant *object = json_object();

		json_put_text(&object, "name", disk->name);
		put_known(&object, "size", disk->size);
		put_known(&object, "used", disk->used);
		put_known(&object, "read", disk->read);
		put_known(&object, "rate", disk->rate);
		put_known(&object, "remaining", disk->remaining);
		json_append(&array, object);
	}
	return array;
}

static void put_machine(sd_json_variant **object, const struct fleet_view *view)
{
	const struct document *last = &view->record->last;
	const char *name = view->entry && view->entry->name ? view->entry->name : last->guest;

	put_mac(object, view->mac);
	json_put_text(object, "name", name);
	json_put_text(object, "uuid", last->uuid);
	json_put_text(object, "vendor", last->vendor);
	json_put_text(object, "model", last->model);
	json_put_text(object, "serial", last->serial);
	if (last->run)
		put_known(object, "memory", last->memory);
	json_put_text(object, "entry",
		      entry_state_name(view->entry ? view->entry->state : ENTRY_NONE));
	json_put_text(object, "group", group_name(view->group));
}

static void put_run_state(sd_json_variant **object, const struct record *record)
{
	const struct document *last = &record->last;

	if (!last->run)
		return;
	json_put_text(object, "run", last->run);
	json_put_text(object, "state", record->state);
	if (record->result == DOCUMENT_NO_RESULT) {
		json_put_text(object, "step", last->step);
		put_known(object, "place", last->place);
	} else {
		json_put_integer(object, "result", record->result);
	}
	put_moment(object, "since", record->since);
	put_moment(object, "seen", record->seen);
	put_moment(object, "started", record->started);
	put_moment(object, "ended", record->ended);
	json_put_text(object, "server", last->server);
	json_put_text(object, "guest", last->guest);
	json_put_text(object, "workdir", last->workdir);
	json_put_text(object, "reason", record->reason);
}

static void put_disks(sd_json_variant **object, const struct record *record)
{
	struct record_sum sum = record_sum(record);

	put_known(object, "size", sum.size);
	put_known(object, "used", sum.used);
	put_known(object, "read", sum.read);
	if (record->result == DOCUMENT_NO_RESULT) {
		put_known(object, "rate", sum.rate);
		put_known(object, "remaining", sum.remaining);
	}
	json_put(object, "disks", disks_json(&record->last));
}

static void put_power(sd_json_variant **object, const struct record *record)
{
	json_put_text(object, "power", power_name(record->power));
	put_moment(object, "power_seen", record->power_seen);
	put_moment(object, "powered", record->powered);
	json_put_text(object, "power_error", record->power_error);
}

/* Hours that a conversion will take: what the machine has told, or by what was measured. */
static void put_hours(sd_json_variant **object, const struct fleet_view *view,
		      const struct estimate_rates *rates)
{
	sd_json_variant *hours = NULL;
	double number = view->record->found_hours;

	if (number < 0 && (view->group == GROUP_EXPECTED || view->group == GROUP_QUEUED ||
			   view->group == GROUP_INVENTORY)) {
		uint64_t seconds = estimate_one(rates, summary_bytes(view->record));

		number = seconds == ESTIMATE_UNKNOWN ? -1 : (double)seconds / 3600;
	}
	/* A tenth is all that can be known, and nothing takes no time. */
	if (number >= 0 && number < 0.1)
		number = 0.1;
	if (number >= 0 &&
	    sd_json_variant_new_real(&hours, (double)(uint64_t)(number * 10 + 0.5) / 10) >= 0)
		json_put(object, "hours", hours);
}

static sd_json_variant *machine_json(const struct fleet_view *view,
				     const struct estimate_rates *rates)
{
	AUTO_FREE char *advice = record_advice(view->record, view->entry, view->group);
	const struct entry *entry = view->entry;
	sd_json_variant *object = json_object();

	put_machine(&object, view);
	put_run_state(&object, view->record);
	put_disks(&object, view->record);
	if (entry && (entry->state == ENTRY_CONVERT || entry->state == ENTRY_GIVEN_UP)) {
		json_put_number(&object, "tries", entry->tries);
		json_put_number(&object, "failures", entry->failures);
	}
	json_put_text(&object, "advice", advice);
	put_power(&object, view->record);
	if (view->record->warnings)
		json_put(&object, "warnings", json_texts(view->record->warnings));
	put_hours(&object, view, rates);
	return object;
}

char *api_machines(const struct fleet_view *views, size_t count, const struct summary *summary)
{
	sd_json_variant *object = NULL, *counts = json_object(), *array = NULL;
	sd_json_variant **machines = memory_zero(count + 1, sizeof(*machines));

	for (enum group i = 0; i < GROUPS; i++)
		json_put_number(&counts, group_name(i), summary->counts[i]);
	for (size_t i = 0; i < count; i++)
		machines[i] = machine_json(&views[i], &summary->rates);
	/* All at once: one after the other, each would copy the whole array. */
	if (sd_json_variant_new_array(&array, machines, count) < 0)
		abort(); /* no memory */
	for (size_t i = 0; i < count; i++)
		sd_json_variant_unref(machines[i]);
	free(machines);
	put_moment(&object, "now", moment_now());
	json_put_text(&object, "version", P2VD_VERSION);
	json_put(&object, "counts", counts);
	if (summary->remaining == ESTIMATE_UNKNOWN)
		put_null(&object, "remaining");
	else
		json_put_number(&object, "remaining", summary->remaining);
	json_put(&object, "machines", array);
	return text_of(object);
}

/* ---- history ------------------------------------------------------------------------- */

static void add_run(void *user, const struct database_run *run)
{
	sd_json_variant **array = user, *object = NULL;

	json_put_text(&object, "run", run->run);
	put_moment(&object, "started", run->started);
	put_moment(&object, "ended", run->ended);
	json_put_text(&object, "server", run->server);
	json_put_text(&object, "guest", run->guest);
	if (run->result != DOCUMENT_NO_RESULT)
		json_put_integer(&object, "result", run->result);
	json_put_text(&object, "reason", run->reason);
	json_put_number(&object, "bytes", run->bytes);
	json_put_number(&object, "seconds", run->seconds);
	json_put_number(&object, "tries", run->tries);
	json_put_truth(&object, "inventory", run->inventory);
	json_append(array, object);
}

struct events {
	sd_json_variant *array;
	int64_t last;
	bool all; /* of all machines: each says of which it is */
};

static void add_event(void *user, const struct database_event *event)
{
	struct events *events = user;
	sd_json_variant *object = NULL;

	json_put_integer(&object, "id", event->id);
	put_moment(&object, "time", event->time);
	if (events->all)
		put_mac(&object, event->mac);
	json_put_text(&object, "run", event->run);
	json_put_text(&object, "state", event->state);
	json_put_text(&object, "reason", event->reason);
	json_append(&events->array, object);
	events->last = event->id;
}

char *api_machine(struct database *database, const struct fleet_view *view,
		  const struct summary *summary)
{
	sd_json_variant *object = machine_json(view, &summary->rates), *runs = json_array();
	struct events events = { .array = json_array() };

	database_each_run(database, view->mac, add_run, &runs);
	database_each_event(database, view->mac, 0, 1000, add_event, &events);
	json_put(&object, "runs", runs);
	json_put(&object, "events", events.array);
	json_put(&object, "inventory", sd_json_variant_ref(view->record->found));
	return text_of(object);
}

char *api_events(struct database *database, int64_t after, unsigned most)
{
	struct events events = { .array = json_array(), .last = after, .all = true };
	sd_json_variant *object = NULL;

	database_each_event(database, NULL, after, most, add_event, &events);
	json_put(&object, "events", events.array);
	json_put_integer(&object, "last", events.last);
	return text_of(object);
}

/* ---- what others tell ---------------------------------------------------------------------- */

static bool read_member(const char *key, sd_json_variant *value, struct fleet_word *word)
{
	const char *text = sd_json_variant_is_string(value) ? sd_json_variant_string(value) : NULL;

	if (!strcmp(key, "power") && text) {
		word->has_power = true;
		word->power = !strcmp(text, "on")  ? POWER_ON :
			      !strcmp(text, "off") ? POWER_OFF :
						     POWER_UNKNOWN;
		return word->power != POWER_UNKNOWN || !strcmp(text, "unknown");
	}
	if (!strcmp(key, "powered") && (text || sd_json_variant_is_boolean(value))) {
		word->has_powered = true;
		word->powered = text                           ? moment_read(text) :
				sd_json_variant_boolean(value) ? moment_now() :
								 0;
		return !text || word->powered;
	}
	if (!strcmp(key, "power_error") && (text || sd_json_variant_is_null(value))) {
		word->has_error = true;
		word->error = text && *text ? text : NULL;
		return !text || strlen(text) < 2000;
	}
	if (!strcmp(key, "skipped") && sd_json_variant_is_boolean(value)) {
		word->has_skipped = true;
		word->skipped = sd_json_variant_boolean(value);
		return true;
	}
	return false;
}

bool api_read_word(const char *text, size_t length, struct fleet_word *word, sd_json_variant **json)
{
	*word = (struct fleet_word){ 0 };
	*json = NULL;
	if (strlen(text) != length || sd_json_parse(text, 0, json, NULL, NULL) < 0 ||
	    !sd_json_variant_is_object(*json) || !sd_json_variant_elements(*json))
		return false;
	for (size_t i = 0; i + 1 < sd_json_variant_elements(*json); i += 2)
		if (!read_member(sd_json_variant_string(sd_json_variant_by_index(*json, i)),
				 sd_json_variant_by_index(*json, i + 1), word))
			return false;
	return true;
}
