// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2v-fleetd says of a machine, in words for people. */
#include "roster/words.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/moment.h"
#include "base/text.h"
#include "client/field.h"

#include <inttypes.h>
#include <string.h>

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

/* p2v-fleetd's groups, what goes wrong first. */
static const struct group {
	const char *name;
	bool over;
} groups[] = {
	{ "failed", true },    { "given up", true },  { "silent", false },
	{ "working", false },  { "queued", false },   { "expected", false },
	{ "inventory", true }, { "converted", true }, { "skipped", true },
};

static const char *group_of(sd_json_variant *machine)
{
	return field_text(machine, "group") ?: "unknown";
}

unsigned words_rank(const char *group)
{
	unsigned i;

	for (i = 0; i < COUNT(groups) && strcmp(groups[i].name, group) != 0; i++)
		;
	return i;
}

bool words_is_over(const char *group)
{
	const unsigned rank = words_rank(group);

	return rank < COUNT(groups) && groups[rank].over;
}

const char *words_name(sd_json_variant *machine)
{
	const char *name = field_text(machine, "name");

	return name && *name ? name : field_text(machine, "mac") ?: "?";
}

time_t words_moment(const char *text)
{
	return moment_read(text) / 1000;
}

char *words_since(const char *since, time_t now)
{
	const time_t moment = words_moment(since);
	const long long seconds = now > moment ? now - moment : 0;

	if (!moment)
		return text_copy("");
	return seconds < 2 * MINUTE ? text_format("%lld s", seconds) :
	       seconds < 2 * HOUR   ? text_format("%lld min", seconds / MINUTE) :
	       seconds < 2 * DAY    ? text_format("%lld h", seconds / HOUR) :
				      text_format("%lld days", seconds / DAY);
}

char *words_state(sd_json_variant *machine)
{
	const char *group = group_of(machine), *state = field_text(machine, "state");
	const uint64_t place = field_number(machine, "place", 0);

	if (!strcmp(group, "queued") && place)
		return text_format("queued, place %" PRIu64, place);
	if (!strcmp(group, "working") && state)
		return text_format("working: %s", state);
	return text_copy(group);
}

bool words_is_at_work(sd_json_variant *machine)
{
	const char *group = group_of(machine);

	if (strcmp(group, "silent") != 0)
		return !strcmp(group, "working") || !strcmp(group, "queued");
	/* It may go on without a network; but not one that has not begun since it is on. */
	return words_moment(field_text(machine, "seen")) >=
	       words_moment(field_text(machine, "powered"));
}

static bool is_moving(sd_json_variant *machine)
{
	return !strcmp(group_of(machine), "working") || !strcmp(group_of(machine), "silent");
}

char *words_done(sd_json_variant *machine)
{
	const uint64_t size = field_number(machine, "size", 0);
	const uint64_t all = field_number(machine, "used", 0) ?: size;
	const uint64_t read = field_number(machine, "read", 0);

	if (!is_moving(machine) || !all)
		return text_copy("");
	return text_format("%.0f %%", read < all ? 100. * (double)read / (double)all : 100.);
}

double words_hours_number(sd_json_variant *machine)
{
	sd_json_variant *hours = field_value(machine, "hours");
	const double number = sd_json_variant_is_number(hours) ? sd_json_variant_real(hours) : 0;

	return number > 0 && number < 1e6 ? number : 0;
}

char *words_hours(sd_json_variant *machine)
{
	const double number = words_hours_number(machine);

	return number > 0 ? text_format("%.1f", number) : text_copy("");
}

char *words_rate(sd_json_variant *machine)
{
	const uint64_t rate = field_number(machine, "rate", 0);
	AUTO_FREE char *bytes = text_bytes(rate);

	return rate && is_moving(machine) ? text_format("%s/s", bytes) : text_copy("");
}

char *words_left(sd_json_variant *machine)
{
	const uint64_t seconds = field_number(machine, "remaining", UINT64_MAX);

	return seconds != UINT64_MAX && is_moving(machine) ? text_duration(seconds) : text_copy("");
}

static char *power_note(sd_json_variant *machine)
{
	const char *power = field_text(machine, "power") ?: "unknown";

	if (!strcmp(power, "off"))
		return text_copy("it is off");
	return text_format("%s: turn it off before its guest starts",
			   !strcmp(power, "on") ? "it is on" : "not known to be off");
}

char *words_note(sd_json_variant *machine)
{
	const char *group = group_of(machine), *reason = field_text(machine, "reason");
	const char *advice = field_text(machine, "advice");
	const char *error = field_text(machine, "power_error");
	AUTO_LIST char **notes = NULL;

	if (!strcmp(group, "converted")) {
		list_append(&notes, power_note(machine));
		reason = NULL;
		advice = advice && text_begins(advice, "turn it off") ? NULL : advice;
	}
	if (reason)
		list_append(&notes, text_copy(reason));
	if (advice && (!reason || strcmp(advice, reason) != 0))
		list_append(&notes, text_copy(advice));
	if (error)
		list_append(&notes, text_format("its BMC: %s", error));
	return notes ? list_join(notes, "; ") : text_copy("");
}

char *words_counts(sd_json_variant *document)
{
	sd_json_variant *counts = field_value(document, "counts");
	const uint64_t remaining = field_number(document, "remaining", UINT64_MAX);
	const size_t all = field_count(document, "machines");
	AUTO_FREE char *left = remaining == UINT64_MAX ? NULL : text_duration(remaining);
	AUTO_FREE char *joined = NULL;
	AUTO_LIST char **texts = NULL;

	for (size_t i = 0; i < COUNT(groups); i++) {
		const uint64_t count = field_number(counts, groups[i].name, 0);

		if (count)
			list_append(&texts, text_format("%" PRIu64 " %s", count, groups[i].name));
	}
	joined = texts ? list_join(texts, ", ") : text_copy("none");
	return text_format("%zu machine%s: %s%s%s", all, all == 1 ? "" : "s", joined,
			   left ? "; all are done in about " : "", left ?: "");
}
