// SPDX-License-Identifier: GPL-2.0-or-later
/* What is on a disk of the inventory, as lines. */
#include "client/disk_contents.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "client/field.h"

/* Adds what it is a part of to @named. */
static char *line_of(sd_json_variant *volume, char ***named)
{
	const char *name = field_text(volume, "name") ?: "?", *set = field_text(volume, "set");

	if (set)
		list_append(named, text_format("%s: %s", name, set));
	return text_format("%s: %s", name, field_text(volume, "text") ?: "?");
}

char **disk_contents(sd_json_variant *disk)
{
	AUTO_LIST char **named = NULL;
	char **lines = NULL;

	for (size_t i = 0; i < field_count(disk, "contents"); i++)
		list_append(&lines, line_of(field_element(disk, "contents", i), &named));
	for (size_t i = 0; i < field_count(disk, "sets"); i++) {
		sd_json_variant *set = field_element(disk, "sets", i);

		if (sd_json_variant_is_string(set) &&
		    !list_contains(named, sd_json_variant_string(set)))
			list_append(&lines, text_copy(sd_json_variant_string(set)));
	}
	return lines;
}
