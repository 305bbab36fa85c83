// SPDX-License-Identifier: GPL-2.0-or-later
/* Help: keys, the field's parameter, versions, how to send the log: the image has no manual. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/server_list.h"
#include "base/text.h"
#include "client/field.h"
#include "dialog/power.h"

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

/* For a shell. p2vd takes no user with a quote in it. */
static char *quoted(const char *text)
{
	bool plain = text_is_alphanumeric(text, "@%+:._-");

	return text_format("%s%s%s", plain ? "" : "'", text, plain ? "" : "'");
}

/* The line for a shell that sends the journal to the server, into the user's home there. */
static char *sending(const struct mirror *mirror)
{
	AUTO_LIST char **servers = server_list(mirror_value(mirror, "p2v.remote.server") ?:
											   "SERVER");
	struct server_name name;
	bool right = server_name_read(mirror->status.server ?: servers[0], &name);
	AUTO_FREE char *user = quoted(name.user                                         ?:
					      mirror_value(mirror, "p2v.auth.username") ?:
											  "root");
	AUTO_FREE char *server = quoted(name.host);
	AUTO_FREE char *port = right && name.port ?
				       text_format("%u", name.port) :
				       text_copy(mirror_value(mirror, "p2v.remote.port") ?: "22");
	const char *guest = field_text(mirror->inventory, "name") ?: "";
	bool named = *guest && text_is_alphanumeric(guest, "._-");

	server_name_clear(&name);
	return text_format("journalctl -b | ssh -p %s -l %s %s 'cat >p2vd%s%s.log'", port, user,
			   server, named ? "-" : "", named ? guest : "");
}

static void add_logs(char ***lines, const struct dialog *dialog)
{
	const char *workdir = dialog->mirror->status.workdir;

	list_append(lines, text_copy(""));
	list_append(lines, text_copy("The logs, for a report"));
	list_append(lines,
		    workdir ?
			    text_format("virt-v2v's are on the server already, in '%s'.", workdir) :
			    text_copy("virt-v2v's are on the server already, in the directory that Running and End name."));
	if (dialog->appliance && !power_shell(dialog)) {
		list_append(lines,
			    text_copy("This machine's own are not: p2v.shell=no lets nobody take them."));
		return;
	}
	list_append(lines,
		    text_copy(dialog->appliance ?
				      "This machine's own goes there by this line in a shell (s, or the second console). It asks for the user's password on the server:" :
				      "This machine's own goes there by this line in a root shell. It asks for the user's password on the server:"));
	list_append(lines, sending(dialog->mirror));
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
	add_logs(&lines, dialog);
	sheet_screen(dialog, "Help", lines);
}
