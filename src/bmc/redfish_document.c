// SPDX-License-Identifier: GPL-2.0-or-later
/* What Redfish's JSON documents say. */
#include "bmc/redfish_document.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"

#include <ctype.h>
#include <string.h>

#define COMPLAINT_MOST 300 /* bytes */

char *redfish_path(const char *text)
{
	const char *host = text ? strstr(text, "://") : NULL;

	/* Where a password goes is not for the BMC to say: only the path counts. */
	if (host)
		text = strchr(host + 3, '/');
	if (!text || *text != '/' || text[1] == '/')
		return NULL;
	for (const char *c = text; *c; c++)
		if (!isgraph((unsigned char)*c))
			return NULL;
	return text_copy(text);
}

char *redfish_link(sd_json_variant *document, const char *member)
{
	return redfish_path(field_text(field_value(document, member), "@odata.id"));
}

sd_json_variant *redfish_within(sd_json_variant *document, const char *of, const char *name)
{
	return field_value(field_value(document, of), name);
}

enum bmc_power redfish_power(sd_json_variant *system)
{
	const char *power = field_text(system, "PowerState") ?: "";

	/* One that is about to be on counts as neither, and is asked again. */
	return !strcmp(power, "On") ? BMC_ON : !strcmp(power, "Off") ? BMC_OFF : BMC_UNKNOWN;
}

static bool has(sd_json_variant *array, const char *text)
{
	for (size_t i = 0; i < sd_json_variant_elements(array); i++) {
		sd_json_variant *element = sd_json_variant_by_index(array, i);

		if (sd_json_variant_is_string(element) &&
		    !strcmp(sd_json_variant_string(element), text))
			return true;
	}
	return false;
}

const char *redfish_choice(const char *const *wanted, sd_json_variant *allowed)
{
	if (!sd_json_variant_is_array(allowed))
		return *wanted;
	for (; *wanted; wanted++)
		if (has(allowed, *wanted))
			return *wanted;
	return NULL;
}

sd_json_variant *redfish_reset_types(sd_json_variant *info)
{
	for (size_t i = 0; i < field_count(info, "Parameters"); i++) {
		sd_json_variant *parameter = field_element(info, "Parameters", i);

		if (!strcmp(field_text(parameter, "Name") ?: "", "ResetType"))
			return field_value(parameter, "AllowableValues");
	}
	return NULL;
}

char *redfish_complaint(sd_json_variant *document)
{
	sd_json_variant *error = field_value(document, "error") ?: document;
	const char *message = field_text(error, "message");
	AUTO_LIST char **texts = NULL;
	AUTO_FREE char *joined = NULL;

	/* "See @Message.ExtendedInfo for more information" is all that the message may be. */
	for (size_t i = 0; i < field_count(error, "@Message.ExtendedInfo"); i++) {
		const char *text = field_text(field_element(error, "@Message.ExtendedInfo", i),
					      "Message");

		if (text && !list_contains(texts, text))
			list_append(&texts, text_copy(text));
	}
	if (!texts && message)
		list_append(&texts, text_copy(message));
	if (!texts)
		return NULL;
	joined = list_join(texts, " ");
	return text_copy_length(joined, COMPLAINT_MOST);
}

enum redfish_task redfish_task(sd_json_variant *task)
{
	static const char *const over[] = { "Completed", "Exception", "Killed", "Cancelled" };
	const char *state = field_text(task, "TaskState") ?: "";

	for (size_t i = 0; i < COUNT(over); i++)
		if (!strcmp(state, over[i]))
			return i ? TASK_FAILED : TASK_DONE;
	return TASK_RUNS;
}
