// SPDX-License-Identifier: GPL-2.0-or-later
/* Any JSON as what a BMC answers. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "bmc/redfish_document.h"
#include "client/field.h"
#include "run-files.h"

#include <string.h>

static void check_path(char *path)
{
	AUTO_FREE char *freed = path;

	/* It becomes a part of a URL, behind the BMC's own name. */
	if (path && (*path != '/' || path[1] == '/' || strpbrk(path, " \r\n\t")))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const wanted[] = { "On", "ForceOn", NULL };
	AUTO_FREE char *text = memory_zero(size + 1, 1);
	AUTO_FREE char *complaint = NULL;
	sd_json_variant *document = NULL, *action;

	memcpy(text, data, size);
	check_path(redfish_path(text));
	if (sd_json_parse(text, 0, &document, NULL, NULL) < 0)
		return 0;
	check_path(redfish_link(document, "Systems"));
	check_path(redfish_link(field_value(document, "Links"), "Sessions"));
	action = redfish_within(document, "Actions", "#ComputerSystem.Reset");
	redfish_choice(wanted, field_value(action, "ResetType@Redfish.AllowableValues"));
	redfish_choice(wanted, redfish_reset_types(document));
	redfish_power(document);
	redfish_task(document);
	complaint = redfish_complaint(document);
	sd_json_variant_unref(document);
	return 0;
}
