// SPDX-License-Identifier: GPL-2.0-or-later
/* All that is known of one machine. */
#include "roster/detail.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/progress_line.h"
#include "base/text.h"
#include "client/field.h"
#include "roster/ask.h"
#include "roster/words.h"

#include <inttypes.h>

#define EVENTS_MOST 20

static void add(char ***lines, const char *name, const char *value)
{
	if (value && *value)
		list_append(lines, text_format("%-13s %s", name, value));
}

static void add_number(char ***lines, sd_json_variant *machine, const char *name, bool bytes)
{
	const uint64_t number = field_number(machine, name, UINT64_MAX);
	AUTO_FREE char *text = bytes ? text_bytes(number) : text_format("%" PRIu64, number);

	if (number != UINT64_MAX)
		add(lines, name, text);
}

static void add_disks(char ***lines, sd_json_variant *machine)
{
	for (size_t i = 0; i < field_count(machine, "disks"); i++) {
		sd_json_variant *disk = field_element(machine, "disks", i);
		const uint64_t size = field_number(disk, "size", 0);
		AUTO_FREE char *line = progress_line(field_text(disk, "name") ?: "disk",
						     field_number(disk, "read", 0),
						     field_number(disk, "used", 0) ?: size,
						     field_number(disk, "rate", 0),
						     field_number(disk, "remaining",
								  PROGRESS_LINE_UNKNOWN));

		add(lines, i ? "" : "disks", line);
	}
}

static void add_power(char ***lines, sd_json_variant *machine)
{
	const char *power = field_text(machine, "power") ?: "unknown";
	const char *seen = field_text(machine, "power_seen");
	AUTO_FREE char *text = text_format("%s%s%s", power, seen ? ", as its BMC said at " : "",
					   seen ?: "");

	add(lines, "power", text);
	add(lines, "BMC", field_text(machine, "power_error"));
}

static void add_run(char ***lines, sd_json_variant *run)
{
	const uint64_t bytes = field_number(run, "bytes", UINT64_MAX);
	AUTO_FREE char *read = bytes == UINT64_MAX ? NULL : text_bytes(bytes);
	AUTO_FREE char *result = NULL;
	const char *ended = field_text(run, "ended"), *reason = field_text(run, "reason");
	const char *server = field_text(run, "server");
	const bool looked = field_truth(run, "inventory");
	const uint64_t code = field_number(run, "result", UINT64_MAX);

	result = code == UINT64_MAX ? text_copy(field_text(run, "result") ?: "not ended") :
		 !code && looked    ? text_copy("looked through") :
		 code == 0          ? text_copy("converted") :
				      text_format("failed, code %" PRIu64, code);
	list_append(lines,
		    text_format("  %s to %s: %s%s%s%s%s%s%s", field_text(run, "started") ?: "?",
				ended ?: "now", result, server ? ", server " : "", server ?: "",
				read ? ", read " : "", read ?: "", reason ? ": " : "",
				reason ?: ""));
}

static void add_history(char ***lines, sd_json_variant *machine)
{
	const size_t runs = field_count(machine, "runs"), events = field_count(machine, "events");
	const size_t first = events > EVENTS_MOST ? events - EVENTS_MOST : 0;

	if (runs)
		list_append(lines, text_copy("runs"));
	for (size_t i = 0; i < runs; i++)
		add_run(lines, field_element(machine, "runs", i));
	if (events)
		list_append(lines, text_copy("events"));
	for (size_t i = first; i < events; i++) {
		sd_json_variant *event = field_element(machine, "events", i);
		const char *reason = field_text(event, "reason");

		list_append(lines, text_format("  %s  %s%s%s", field_text(event, "time") ?: "?",
					       field_text(event, "state") ?: "?",
					       reason ? ": " : "", reason ?: ""));
	}
}

char **detail_lines(sd_json_variant *machine)
{
	static const char *const texts[] = { "uuid", "vendor", "model", "serial", "entry" };
	static const char *const places[] = { "step",  "since",  "seen",  "started",
					      "ended", "server", "guest", "workdir" };
	AUTO_FREE char *state = words_state(machine), *hours = words_hours(machine);
	char **lines = NULL;

	add(&lines, "machine", words_name(machine));
	add(&lines, "mac", field_text(machine, "mac"));
	for (size_t i = 0; i < COUNT(texts); i++)
		add(&lines, texts[i], field_text(machine, texts[i]));
	add_number(&lines, machine, "memory", true);
	add(&lines, "state", state);
	for (size_t i = 0; i < COUNT(places); i++)
		add(&lines, places[i], field_text(machine, places[i]));
	add_disks(&lines, machine);
	add_number(&lines, machine, "size", true);
	add_number(&lines, machine, "used", true);
	add(&lines, "hours", hours);
	add_number(&lines, machine, "tries", false);
	add_number(&lines, machine, "failures", false);
	add(&lines, "reason", field_text(machine, "reason"));
	add(&lines, "advice", field_text(machine, "advice"));
	add_power(&lines, machine);
	for (size_t i = 0; i < field_count(machine, "warnings"); i++) {
		sd_json_variant *warning = field_element(machine, "warnings", i);

		if (sd_json_variant_is_string(warning))
			add(&lines, i ? "" : "warnings", sd_json_variant_string(warning));
	}
	add_history(&lines, machine);
	return lines;
}

int detail_show(const struct desk *desk)
{
	AUTO_FREE char *reason = NULL, *path = NULL;
	AUTO_LIST char **lines = NULL;
	sd_json_variant *document = NULL, *found, *machine = NULL;
	int r = roster_get(desk->control, ROSTER_MACHINES, &document, &reason);
	int code = DESK_UNREACHABLE;

	found = r < 0 ? NULL : roster_find(document, *desk->words, &reason);
	if (r == 0 && !found)
		code = DESK_WRONG;
	if (found) {
		path = text_format(ROSTER_MACHINES "/%s", field_text(found, "mac"));
		r = roster_get(desk->control, path, &machine, &reason);
	}
	if (machine) {
		lines = detail_lines(machine);
		screen_json(desk->screen, machine, false);
		screen_lines(desk->screen, lines);
		code = DESK_DONE;
	} else {
		desk_say("%s", reason);
	}
	sd_json_variant_unref(machine);
	sd_json_variant_unref(document);
	return code;
}
