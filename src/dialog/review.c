// SPDX-License-Identifier: GPL-2.0-or-later
/* What will happen, and what there is to warn of. */
#include "dialog/review.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "client/field.h"
#include "dialog/address.h"
#include "dialog/estimate.h"
#include "dialog/part_state.h"

#include <string.h>

static void add_part(char ***lines, const struct mirror *mirror, enum part part)
{
	struct part_state state = part_state(part, mirror, address_exists());
	AUTO_FREE char *text = state.text;

	list_append(lines, text_format("%-10s%s%s", part_name(part),
				       state.mood == PART_READY ? "" :
				       state.mood == PART_WANTS ? "wants " :
								  "WRONG: ",
				       text));
}

char **review_lines(const struct mirror *mirror)
{
	const char *words = field_text(mirror->parameters, "words");
	AUTO_FREE char *estimate = estimate_text(mirror);
	char **lines = NULL;

	if (mirror->trouble) {
		list_append(&lines, text_format("error: %s", mirror->trouble));
		list_append(&lines, text_copy(""));
	}
	for (enum part part = 0; part < PART_KEYBOARD; part++)
		add_part(&lines, mirror, part);
	list_append(&lines, text_copy(""));
	for (size_t i = 0; i < field_count(mirror->inventory, "warnings"); i++) {
		sd_json_variant *one = field_element(mirror->inventory, "warnings", i);

		list_append(&lines, text_format("warning: %s", sd_json_variant_string(one)));
	}
	for (char **line = mirror->test_messages; line && *line; line++)
		list_append(&lines, text_copy(*line));
	if (!strcmp(mirror_value(mirror, "p2v.do") ?: "", "inventory"))
		list_append(&lines,
			    text_copy("Nothing is converted: p2v.do says inventory, which only looks at the machine."));
	list_append(&lines,
		    text_format("The disks are only read. %s Running tells it per disk.",
				estimate ?:
					"How long it takes depends on how much is used on them, and on the network."));
	list_append(&lines, text_copy(""));
	list_append(&lines, text_copy("The same for another machine, without passwords:"));
	list_append(&lines, text_copy(words ?: ""));
	return lines;
}
