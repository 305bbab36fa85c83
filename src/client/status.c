// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2vd does and how far it is. */
#include "client/status.h"

#include "base/memory.h"
#include "client/field.h"

#include <string.h>

static enum status_activity read_activity(const char *name)
{
	static const char *const names[] = {
		[STATUS_WAITING] = "waiting", [STATUS_CONFIGURING] = "configuring",
		[STATUS_TESTING] = "testing", [STATUS_CONVERTING] = "converting",
		[STATUS_ENDING] = "ending",   [STATUS_ENDED] = "ended",
		[STATUS_LEAVING] = "leaving",
	};

	for (size_t i = 0; name && i < COUNT(names); i++)
		if (!strcmp(name, names[i]))
			return (enum status_activity)i;
	return STATUS_OTHER;
}

void status_read(struct status *status, sd_json_variant *json)
{
	sd_json_variant *result = field_value(json, "result");

	*status = (struct status){
		.json = sd_json_variant_ref(json),
		.activity = read_activity(field_text(json, "activity")),
		.version = field_text(json, "version"),
		.state = field_text(json, "state"),
		.waiting = field_text(json, "waiting"),
		.server = field_text(json, "server"),
		.guest = field_text(json, "guest"),
		.workdir = field_text(json, "workdir"),
		.step = field_text(json, "step"),
		.number = field_number(json, "number", STATUS_UNKNOWN),
		.count = field_number(json, "count", STATUS_UNKNOWN),
		.elapsed = field_number(json, "elapsed", STATUS_UNKNOWN),
		.step_number = field_number(json, "stepNumber", STATUS_UNKNOWN),
		.step_count = field_number(json, "stepCount", STATUS_UNKNOWN),
		.try = field_number(json, "try", STATUS_UNKNOWN),
		.tries = field_number(json, "tries", STATUS_UNKNOWN),
		.failure = field_text(json, "failure"),
		.disks = field_value(json, "disks"),
		.has_result = result,
		/* Without a code it is no success. */
		.code = field_number(result, "code", STATUS_UNKNOWN),
		.test = field_truth(result, "test"),
		.inventory = field_truth(result, "inventory"),
		.reason = field_text(result, "reason"),
		.place = field_text(result, "guest"),
		.bytes = field_number(result, "bytes", STATUS_UNKNOWN),
	};
}

void status_clear(struct status *status)
{
	sd_json_variant_unref(status->json);
	*status = (struct status){ 0 };
}

bool status_is_busy(const struct status *status)
{
	switch (status->activity) {
	case STATUS_CONFIGURING:
	case STATUS_TESTING:
	case STATUS_CONVERTING:
	case STATUS_ENDING:
	case STATUS_LEAVING:
	case STATUS_OTHER:
		return true;
	case STATUS_WAITING:
	case STATUS_ENDED:
		break;
	}
	return false;
}

bool status_is_over(const struct status *status)
{
	return status->activity == STATUS_ENDING || status->activity == STATUS_ENDED ||
	       status->activity == STATUS_LEAVING;
}

bool status_has_failed(const struct status *status)
{
	return status->has_result && status->code;
}
