// SPDX-License-Identifier: GPL-2.0-or-later
/* All machines at a glance. */
#include "roster/overview.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"
#include "roster/ask.h"
#include "roster/grid.h"
#include "roster/words.h"

#include <string.h>

static const char *group_of(sd_json_variant *machine)
{
	return field_text(machine, "group") ?: "";
}

static int compare(const void *one, const void *other)
{
	sd_json_variant *a = *(sd_json_variant *const *)one;
	sd_json_variant *b = *(sd_json_variant *const *)other;
	const unsigned rank = words_rank(group_of(a)), second = words_rank(group_of(b));

	return rank != second ? (rank > second) - (rank < second) :
				strverscmp(words_name(a), words_name(b));
}

/* The machines in order; the caller frees the array. */
static sd_json_variant **in_order(sd_json_variant *document, size_t *count)
{
	sd_json_variant **machines;

	*count = field_count(document, "machines");
	machines = memory_zero(*count + 1, sizeof(*machines));
	for (size_t i = 0; i < *count; i++)
		machines[i] = field_element(document, "machines", i);
	qsort(machines, *count, sizeof(*machines), compare);
	return machines;
}

static void add_machine(struct grid *grid, sd_json_variant *machine, time_t now)
{
	AUTO_FREE char *state = words_state(machine), *done = words_done(machine);
	AUTO_FREE char *rate = words_rate(machine), *left = words_left(machine);
	AUTO_FREE char *note = words_note(machine);
	AUTO_FREE char *since = words_since(field_text(machine, "since"), now);
	char *const cells[] = {
		(char *)words_name(machine),
		(char *)field_text(machine, "mac"),
		(char *)field_text(machine, "model"),
		state,
		(char *)field_text(machine, "server"),
		done,
		rate,
		left,
		since,
		note,
	};

	grid_row(grid, cells);
}

char **overview_lines(sd_json_variant *document, unsigned width)
{
	static const struct grid_column columns[] = {
		{ "NAME", false, 0 },  { "MAC", false, 6 },    { "MODEL", false, 7 },
		{ "STATE", false, 0 }, { "SERVER", false, 4 }, { "DONE", true, 1 },
		{ "RATE", true, 5 },   { "LEFT", true, 2 },    { "SINCE", true, 3 },
		{ "NOTE", false, 0 },  { NULL, false, 0 },
	};
	const time_t now = words_moment(field_text(document, "now")) ?: time(NULL);
	struct grid *grid = grid_new(columns);
	size_t count = 0;
	AUTO_FREE sd_json_variant **machines = in_order(document, &count);
	char **lines;

	for (size_t i = 0; i < count; i++)
		add_machine(grid, machines[i], now);
	lines = grid_lines(grid, width);
	grid_free(grid);
	return lines;
}

static void add_found(struct grid *grid, sd_json_variant *machine)
{
	const uint64_t size = field_number(machine, "size", UINT64_MAX);
	const uint64_t used = field_number(machine, "used", UINT64_MAX);
	AUTO_FREE char *size_text = size == UINT64_MAX ? text_copy("") : text_bytes(size);
	AUTO_FREE char *used_text = used == UINT64_MAX ? text_copy("") : text_bytes(used);
	AUTO_FREE char *hours = words_hours(machine);
	AUTO_FREE char *warnings = field_texts(machine, "warnings", "; ");
	char *const cells[] = {
		(char *)words_name(machine),
		(char *)field_text(machine, "mac"),
		(char *)field_text(machine, "model"),
		size_text,
		used_text,
		hours,
		warnings                   ?:
			size == UINT64_MAX ? "not looked through yet" :
					     "",
	};

	grid_row(grid, cells);
}

char **overview_inventory(sd_json_variant *document, unsigned width)
{
	static const struct grid_column columns[] = {
		{ "NAME", false, 0 },     { "MAC", false, 3 }, { "MODEL", false, 2 },
		{ "SIZE", true, 1 },      { "USED", true, 0 }, { "HOURS", true, 0 },
		{ "WARNINGS", false, 0 }, { NULL, false, 0 },
	};
	struct grid *grid = grid_new(columns);
	size_t count = 0;
	AUTO_FREE sd_json_variant **machines = in_order(document, &count);
	char **lines;

	for (int warned = 1; warned >= 0; warned--) /* those with warnings first */
		for (size_t i = 0; i < count; i++)
			if ((field_count(machines[i], "warnings") > 0) == warned)
				add_found(grid, machines[i]);
	lines = grid_lines(grid, width);
	grid_free(grid);
	return lines;
}

/* "40 machines, 2 with warnings; disks: 12.3 TiB, of which 4.0 TiB are used; …". */
static char *sum_of(sd_json_variant *document)
{
	uint64_t size = 0, used = 0;
	unsigned warned = 0;
	double hours = 0;
	AUTO_FREE char *size_text = NULL, *used_text = NULL;

	for (size_t i = 0; i < field_count(document, "machines"); i++) {
		sd_json_variant *machine = field_element(document, "machines", i);

		size += field_number(machine, "size", 0);
		used += field_number(machine, "used", 0);
		hours += words_hours_number(machine);
		warned += field_count(machine, "warnings") > 0;
	}
	size_text = text_bytes(size);
	used_text = text_bytes(used);
	return text_format("%zu machines, %u with warnings; disks: %s, of which %s are used; converting them one after the other takes about %.1f hours",
			   field_count(document, "machines"), warned, size_text, used_text, hours);
}

int overview_list(const struct desk *desk)
{
	AUTO_FREE char *reason = NULL, *sum = NULL;
	AUTO_LIST char **lines = NULL;
	sd_json_variant *document = NULL;

	if (roster_get(desk->control, ROSTER_MACHINES, &document, &reason) < 0) {
		desk_say("%s", reason);
		return DESK_UNREACHABLE;
	}
	lines = desk->inventory ? overview_inventory(document, desk_width()) :
				  overview_lines(document, desk_width());
	sum = desk->inventory ? sum_of(document) : words_counts(document);
	screen_json(desk->screen, document, false);
	screen_lines(desk->screen, lines);
	if (!desk->json)
		desk_say("%s", sum);
	sd_json_variant_unref(document);
	return DESK_DONE;
}
