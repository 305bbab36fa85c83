// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fleet, watched: on a terminal the table, drawn again and again below what happens;
 * elsewhere, and for scripts, only what happens.
 */
#include "roster/watching.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "client/field.h"
#include "roster/ask.h"
#include "roster/overview.h"
#include "roster/words.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define LOOK_SECONDS 2
#define EVENTS "/api/v1/events"
#define ROWS_BESIDE 2 /* of a terminal, for the counts, and for what happened last */

struct watching {
	const struct desk *desk;
	uint64_t last; /* the event up to which all is told */
	bool lost;     /* p2v-fleetd has not answered, and that is told */
};

static int fetch(const struct watching *watching, const char *path, sd_json_variant **document,
		 char **reason)
{
	return roster_get(watching->desk->control, path, document, reason);
}

/* Shows the event, with the machine's name out of @document. */
static void show(const struct watching *watching, sd_json_variant *event, sd_json_variant *document)
{
	const char *mac = field_text(event, "mac") ?: "?", *reason = field_text(event, "reason");
	AUTO_FREE char *none = NULL, *line = NULL;
	sd_json_variant *machine = roster_find(document, mac, &none);

	line = text_format("%s  %s: %s%s%s", field_text(event, "time") ?: "?",
			   machine ? words_name(machine) : mac, field_text(event, "state") ?: "?",
			   reason ? ": " : "", reason ?: "");
	screen_json(watching->desk->screen, event, true);
	screen_line(watching->desk->screen, line);
}

/* Shows what has happened since. */
static int tell(struct watching *watching, sd_json_variant *document, char **reason)
{
	for (;;) {
		AUTO_FREE char *path = text_format(EVENTS "?after=%" PRIu64 "&limit=1000",
						   watching->last);
		sd_json_variant *events = NULL;
		size_t count;
		int r = fetch(watching, path, &events, reason);

		if (r < 0)
			return r;
		count = field_count(events, "events");
		for (size_t i = 0; i < count; i++) {
			sd_json_variant *event = field_element(events, "events", i);

			show(watching, event, document);
			watching->last = field_number(event, "id", watching->last);
		}
		sd_json_variant_unref(events);
		if (count < 1000)
			return 0;
	}
}

static void draw(const struct watching *watching, sd_json_variant *document)
{
	const unsigned height = desk_height();
	AUTO_LIST char **rows = NULL, **lines = NULL;

	if (!desk_width())
		return;
	rows = overview_lines(document, desk_width());
	list_append(&lines, words_counts(document));
	for (size_t i = 0; rows[i] && i + ROWS_BESIDE < height; i++)
		list_append(&lines, text_copy(rows[i]));
	screen_area(watching->desk->screen, lines);
}

/* The exit code, once nothing more will happen by itself; -1: it will. */
static int judge(sd_json_variant *document)
{
	int code = DESK_DONE;

	for (size_t i = 0; i < field_count(document, "machines"); i++) {
		const char *group = field_text(field_element(document, "machines", i), "group") ?:
												  "";

		if (!words_is_over(group))
			return -1;
		if (!strcmp(group, "failed") || !strcmp(group, "given up"))
			code = DESK_FAILED;
	}
	return code;
}

/* Returns the exit code, or -1: it goes on. */
static int look(struct watching *watching)
{
	AUTO_FREE char *reason = NULL;
	sd_json_variant *document = NULL;
	int code = -1;
	int r = fetch(watching, ROSTER_MACHINES, &document, &reason);

	r = r < 0 ? r : tell(watching, document, &reason);
	if (r < 0 && !watching->lost)
		desk_say("%s; trying again", reason);
	watching->lost = r < 0;
	if (r == 0) {
		draw(watching, document);
		code = judge(document);
	}
	sd_json_variant_unref(document);
	return code;
}

/* What happened before is in "p2v-fleet report". */
static int begin(struct watching *watching, char **reason)
{
	sd_json_variant *events = NULL;
	uint64_t last = 0, before;

	do {
		AUTO_FREE char *path = text_format(EVENTS "?after=%" PRIu64 "&limit=1000", last);
		int r = fetch(watching, path, &events, reason);

		if (r < 0)
			return r;
		before = last;
		last = field_number(events, "last", last);
		for (size_t i = 0; i < field_count(events, "events"); i++)
			if (field_number(field_element(events, "events", i), "id", 0) > last)
				last = field_number(field_element(events, "events", i), "id", 0);
		events = sd_json_variant_unref(events);
	} while (last > before);
	watching->last = last;
	return 0;
}

int watching_run(const struct desk *desk)
{
	struct watching watching = { .desk = desk };
	AUTO_FREE char *reason = NULL;
	int code;

	if (begin(&watching, &reason) < 0) {
		desk_say("%s", reason);
		return DESK_UNREACHABLE;
	}
	while ((code = look(&watching)) < 0)
		nanosleep(&(struct timespec){ .tv_sec = LOOK_SECONDS }, NULL);
	return code;
}
