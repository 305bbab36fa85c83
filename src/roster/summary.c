// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of the fleet, to hand on. */
#include "roster/summary.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"
#include "roster/ask.h"
#include "roster/grid.h"
#include "roster/words.h"

#include <inttypes.h>
#include <string.h>

struct sum {
	uint64_t bytes, failures;
	time_t first, last;
};

static void add_machine(struct grid *grid, struct sum *sum, sd_json_variant *machine)
{
	const char *started = field_text(machine, "started"), *ended = field_text(machine, "ended");
	const time_t begin = words_moment(started), end = words_moment(ended);
	const uint64_t bytes = field_number(machine, "read", UINT64_MAX);
	const uint64_t failures = field_number(machine, "failures", 0);
	AUTO_FREE char *took = begin && end >= begin ? text_duration((uint64_t)(end - begin)) :
						       NULL;
	AUTO_FREE char *read = bytes == UINT64_MAX ? NULL : text_bytes(bytes);
	AUTO_FREE char *failed = failures ? text_format("%" PRIu64, failures) : NULL;
	AUTO_FREE char *note = words_note(machine);
	char *const cells[] = {
		(char *)words_name(machine),
		(char *)field_text(machine, "mac"),
		(char *)field_text(machine, "group"),
		(char *)started,
		took,
		read,
		failed,
		(char *)field_text(machine, "server"),
		note,
	};

	grid_row(grid, cells);
	sum->bytes += bytes == UINT64_MAX ? 0 : bytes;
	sum->failures += failures;
	if (begin && (!sum->first || begin < sum->first))
		sum->first = begin;
	if (end > sum->last)
		sum->last = end;
}

static char *sentence(const struct sum *sum)
{
	AUTO_FREE char *read = text_bytes(sum->bytes);
	AUTO_FREE char *took = sum->first && sum->last > sum->first ?
				       text_duration((uint64_t)(sum->last - sum->first)) :
				       NULL;

	return text_format("%s were read%s%s; failed runs: %" PRIu64, read,
			   took ? ", from the first start to the last end in " : "", took ?: "",
			   sum->failures);
}

char **summary_lines(sd_json_variant *document, unsigned width)
{
	static const struct grid_column columns[] = {
		{ "NAME", false, 0 },    { "MAC", false, 4 },    { "RESULT", false, 0 },
		{ "STARTED", false, 3 }, { "TOOK", true, 0 },    { "READ", true, 1 },
		{ "FAILED", true, 2 },   { "SERVER", false, 5 }, { "NOTE", false, 0 },
		{ NULL, false, 0 },
	};
	struct grid *grid = grid_new(columns);
	struct sum sum = { 0 };
	AUTO_LIST char **rows = NULL;
	char **lines = NULL;

	for (size_t i = 0; i < field_count(document, "machines"); i++)
		add_machine(grid, &sum, field_element(document, "machines", i));
	rows = grid_lines(grid, width);
	grid_free(grid);
	list_append(&lines, words_counts(document));
	list_append(&lines, sentence(&sum));
	for (char **row = rows; *row; row++)
		list_append(&lines, text_copy(*row));
	return lines;
}

static int print_csv(const struct desk *desk)
{
	AUTO_FREE char *reason = NULL, *text = NULL;

	if (roster_text(desk->control, "/report.csv", &text, &reason) < 0) {
		desk_say("%s", reason);
		return DESK_UNREACHABLE;
	}
	fputs(text, stdout);
	return DESK_DONE;
}

int summary_report(const struct desk *desk)
{
	AUTO_FREE char *reason = NULL;
	AUTO_LIST char **lines = NULL;
	sd_json_variant *document = NULL;

	if (desk->csv)
		return print_csv(desk);
	if (roster_get(desk->control, ROSTER_MACHINES, &document, &reason) < 0) {
		desk_say("%s", reason);
		return DESK_UNREACHABLE;
	}
	lines = summary_lines(document, desk_width());
	screen_json(desk->screen, document, false);
	screen_lines(desk->screen, lines);
	sd_json_variant_unref(document);
	return DESK_DONE;
}
