// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages of p2vd. */
#include "client/message.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "client/field.h"

static const char *const troubles[] = { "error: ", "warning: " };

bool message_is_trouble(const char *line)
{
	return text_begins(line, troubles[0]) || text_begins(line, troubles[1]);
}

char **message_lines(sd_json_variant *reply)
{
	char **lines = NULL;

	for (size_t i = 0; i < field_count(reply, "messages"); i++) {
		sd_json_variant *message = field_element(reply, "messages", i);
		const char *text = field_text(message, "text") ?: "";
		AUTO_FREE char *line = text_format("%s: %s",
						   field_text(message, "severity") ?: "notice",
						   text);

		/* As on p2vd's console, only these two kinds are told. */
		list_append(&lines, text_copy(message_is_trouble(line) ? line : text));
	}
	return lines;
}
