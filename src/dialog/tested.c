// SPDX-License-Identifier: GPL-2.0-or-later
/* Which parameters the result of a test depends on. */
#include "dialog/tested.h"

#include "client/field.h"
#include "dialog/part.h"

#include <string.h>

/* The test looks whether there is room for the disks, and no guest of that name. Whoever accepts
 * the host key after it needs no other one. */
bool tested_depends(const char *name)
{
	return part_of(name) == PART_OUTPUT || !strcmp(name, "p2v.guestname") ||
	       !strcmp(name, "p2v.disks") ||
	       (part_of(name) == PART_SERVER && strcmp(name, "p2v.hostkey") != 0);
}

bool tested_is_outdated(const struct status *status)
{
	for (size_t i = 0; i < field_count(status->json, "setSince"); i++) {
		sd_json_variant *name = field_element(status->json, "setSince", i);

		if (sd_json_variant_is_string(name) && tested_depends(sd_json_variant_string(name)))
			return true;
	}
	return false;
}
