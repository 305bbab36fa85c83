// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2vd does and how far it is, as lines for people. */
#include "client/status.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/progress_line.h"
#include "base/text.h"
#include "client/field.h"
#include "client/sheet.h"

#include <inttypes.h>

_Static_assert(STATUS_UNKNOWN == PROGRESS_LINE_UNKNOWN, "one number for what is not known");

static const char *activity(const struct status *status)
{
	switch (status->activity) {
	case STATUS_WAITING:
		return "waiting: nothing has been begun";
	case STATUS_CONFIGURING:
		return "configuring";
	case STATUS_TESTING:
		return "testing";
	case STATUS_CONVERTING:
		return "converting";
	case STATUS_ENDING:
		return "ending: p2v.done, p2v.post or p2v.fail runs";
	case STATUS_ENDED:
		return "ended";
	case STATUS_LEAVING:
		return "powering off";
	case STATUS_OTHER:
		break;
	}
	return field_text(status->json, "activity") ?: "unknown";
}

/* "state 3 of 10, connecting"; NULL: there is none. The caller frees. */
static char *state(const struct status *status)
{
	if (!status->state)
		return NULL;
	if (status->number == STATUS_UNKNOWN || status->count == STATUS_UNKNOWN)
		return text_format("state %s", status->state);
	return text_format("state %" PRIu64 " of %" PRIu64 ", %s", status->number, status->count,
			   status->state);
}

/* "step 6 of 16: Copying disk 1/2"; NULL: there is none. The caller frees. */
static char *step(const struct status *status)
{
	if (!status->step)
		return NULL;
	if (status->step_number == STATUS_UNKNOWN || status->step_count == STATUS_UNKNOWN)
		return text_copy(status->step);
	return text_format("step %" PRIu64 " of %" PRIu64 ": %s", status->step_number,
			   status->step_count, status->step);
}

char *status_try(const struct status *status)
{
	if (status->try == STATUS_UNKNOWN || status->tries == STATUS_UNKNOWN)
		return NULL;
	return text_format("try %" PRIu64 " of %" PRIu64, status->try, status->tries);
}

struct disk_line {
	uint64_t read, size, rate, left;
};

static struct disk_line disk_line(sd_json_variant *disk)
{
	return (struct disk_line){
		.read = field_number(disk, "read", 0),
		.size = field_number(disk, "used", field_number(disk, "size", 0)),
		.rate = field_number(disk, "rate", 0),
		.left = field_number(disk, "remaining", PROGRESS_LINE_UNKNOWN),
	};
}

char **status_disks(const struct status *status)
{
	size_t count = field_count(status->json, "disks");
	struct progress_sum sum = { 0 };
	char **lines = NULL;
	char *all;

	for (size_t i = 0; i < count; i++) {
		struct disk_line line = disk_line(field_element(status->json, "disks", i));

		progress_sum_add(&sum, line.read, line.size, line.rate, line.left);
	}
	all = progress_sum_line(&sum);
	if (all)
		list_append(&lines, all);
	for (size_t i = 0; i < count; i++) {
		sd_json_variant *disk = field_element(status->json, "disks", i);
		struct disk_line line = disk_line(disk);

		list_append(&lines, progress_line(field_text(disk, "name") ?: "?", line.read,
						  line.size, line.rate, line.left));
	}
	return lines;
}

static void add_disks(char ***lines, const struct status *status)
{
	AUTO_LIST char **disks = status_disks(status);

	for (char **disk = disks; disk && *disk; disk++)
		list_append(lines, text_copy(*disk));
}

char *status_result(const struct status *status, bool brief)
{
	const char *what = status->test      ? "the test" :
			   status->inventory ? "the inventory" :
					       "the conversion";
	AUTO_FREE char *read = text_bytes(status->bytes);
	bool copied = !brief && !status->test && !status->inventory &&
		      status->bytes != STATUS_UNKNOWN;
	const char *place = brief ? NULL : status->place;
	const char *reason = brief ? NULL : status->reason ?: "p2vd tells no reason";

	if (!status->has_result)
		return NULL;
	if (status->code == STATUS_UNKNOWN)
		return text_format("%s has ended, but p2vd tells no exit code", what);
	if (status->code)
		return text_format("%s has failed, exit code %" PRIu64 "%s%s", what, status->code,
				   reason ? ": " : "", reason ?: "");
	return text_format("%s has succeeded%s%s%s%s%s", what, copied ? ", " : "",
			   copied ? read : "", copied ? " were read" : "",
			   place ? "; the guest is " : "", place ?: "");
}

char **status_lines(const struct status *status)
{
	AUTO_FREE char *at = state(status), *doing = step(status), *result = NULL;
	AUTO_FREE char *try = status_try(status);
	char **lines = NULL;

	result = status_result(status, false);
	sheet_format(&lines, "p2vd", "%s", status->version ?: "");
	SHEET_WORDS(&lines, "Activity", activity(status), at);
	sheet_add(&lines, "Waits for", status->waiting);
	sheet_add(&lines, "Server", status->server);
	sheet_add(&lines, "Guest", status->guest);
	if (status->elapsed != STATUS_UNKNOWN) {
		AUTO_FREE char *elapsed = text_duration(status->elapsed);

		sheet_add(&lines, "Elapsed", elapsed);
	}
	sheet_add(&lines, "Logs", status->workdir);
	SHEET_WORDS(&lines, "virt-v2v", try, doing);
	sheet_add(&lines, "Before it", status->failure);
	add_disks(&lines, status);
	sheet_add(&lines, "Result", result);
	return lines;
}

char **status_progress(const struct status *status, uint64_t elapsed)
{
	AUTO_FREE char *at = state(status), *doing = step(status), *since = NULL, *head = NULL;
	AUTO_FREE char *try = status_try(status);
	char **lines = NULL;

	if (!status_is_busy(status))
		return NULL;
	since = elapsed == STATUS_UNKNOWN ? text_copy("") : text_duration(elapsed);
	/* A step says more than the state, which is then always "converting". */
	head = text_format("%s%s%s%s%s", since, *since ? "  " : "", try ?: "", try ? ", " : "",
			   doing      ?:
				   at ?:
					activity(status));
	sheet_paragraph(&lines, 0, head);
	if (status->waiting)
		sheet_paragraph(&lines, 0, status->waiting);
	add_disks(&lines, status);
	return lines;
}
