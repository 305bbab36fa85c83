// SPDX-License-Identifier: GPL-2.0-or-later
/* Help: keys, the field's parameter, versions. There is no manual in the image. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"

static void add_parameter(char ***lines, sd_json_variant *parameter)
{
	const char *alias = field_text(parameter, "alias");

	list_append(lines, text_format("%s: %s%s%s=%s", field_text(parameter, "label") ?: "",
				       field_text(parameter, "name") ?: "", alias ? ", " : "",
				       alias ?: "", field_text(parameter, "form") ?: ""));
	list_append(lines, text_copy(field_text(parameter, "description") ?: ""));
	list_append(lines, text_format("Default: %s.", field_text(parameter, "default") ?: "none"));
	list_append(lines, text_copy(""));
}

void help_screen(struct dialog *dialog, const char *name)
{
	static const char *const keys[] = {
		"Keys",
		"Tab, Up, Down: the next field or button. Enter: press it, open the line.",
		"Space, Left, Right: the next word, where only some words are right.",
		"F1: this help. F2: show passwords. F4: back to the default. Esc: back.",
		"What you enter goes to p2vd when you leave the field; Back loses nothing.",
		"Ctrl-U empties the field. Ctrl-L draws the screen again.",
		"",
	};
	sd_json_variant *parameter = name ? mirror_parameter(dialog->mirror, name) : NULL;
	const char *v2v = field_text(dialog->mirror->server, "virtV2v");
	const char *version = dialog->mirror->status.version;
	AUTO_LIST char **lines = NULL;

	if (parameter)
		add_parameter(&lines, parameter);
	for (size_t i = 0; i < COUNT(keys); i++)
		list_append(&lines, text_copy(keys[i]));
	list_append(&lines, text_format("p2v-console " P2VD_VERSION ", p2vd %s, virt-v2v %s",
					version ?: "not reached", v2v ?: "not asked yet"));
	list_append(&lines,
		    text_copy("The log for a report: 'journalctl -b' in the shell on the second console, and on the server the files in the directory that Running and End name."));
	sheet_screen(dialog, "Help", lines);
}
