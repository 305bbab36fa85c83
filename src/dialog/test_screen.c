// SPDX-License-Identifier: GPL-2.0-or-later
/* The test of the server: what it does, and then what the server is and what is wrong. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "client/field.h"
#include "client/server_sheet.h"
#include "client/status.h"
#include "dialog/window.h"

#include <string.h>

#define KEYS " Up/Down: scroll   Esc: back, and the test ends"
#define HOSTKEY "p2v.hostkey"

static void add_copies(char ***lines, char *const *others)
{
	for (; others && *others; others++)
		list_append(lines, text_copy(*others));
}

/* Whether the server's key is another than the parameter says, or that says none. */
static bool is_new_key(const struct mirror *mirror)
{
	const char *key = field_text(mirror->server, "hostkey");
	const char *known = mirror_value(mirror, HOSTKEY);

	return mirror->test == MIRROR_PASSED && key && (!known || !strstr(known, key));
}

static char **result(const struct mirror *mirror)
{
	AUTO_LIST char **sheet = server_sheet(mirror->server);
	char **lines = NULL;

	if (mirror->test == MIRROR_PASSED)
		list_append(&lines, text_copy("The test has passed."));
	else
		list_append(&lines, text_format("WRONG: %s", mirror->reason ?: "the test failed"));
	if (is_new_key(mirror))
		list_append(&lines,
			    text_copy("Compare the host key with that of the server (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub there), and accept it if it is the same."));
	list_append(&lines, text_copy(""));
	if (mirror->test == MIRROR_PASSED)
		add_copies(&lines, sheet);
	add_copies(&lines, mirror->test_messages);
	return lines;
}

static char **progress(const struct mirror *mirror)
{
	char **lines = status_progress(&mirror->status, mirror->status.elapsed);
	size_t count = list_length(mirror->messages), shown = count < 10 ? count : 10;

	if (!lines)
		list_append(&lines, text_copy("The test begins"));
	list_append(&lines, text_copy(""));
	if (count)
		add_copies(&lines, mirror->messages + (count - shown));
	return lines;
}

static void send_test(struct dialog *dialog, bool *sent)
{
	/* What was entered last is on its way before. */
	if (*sent || mirror_sends(dialog->mirror))
		return;
	*sent = true;
	mirror_test(dialog->mirror);
}

void test_screen(struct dialog *dialog)
{
	struct mirror *mirror = dialog->mirror;
	struct window window;
	struct pane pane;
	bool sent = false;
	int key = 0;

	window_open(&window, dialog, "Test of the server", KEYS);
	pane = pane_new(&window, 1, 0, window.width - 2, window.height - 2);
	window_button(&window, "Back", WINDOW_BACK);
	window_button(&window, "Accept the host key", 'a');
	while (key != WINDOW_BACK && key != WINDOW_OVER && key != WINDOW_RESIZED) {
		AUTO_LIST char **lines = NULL, **wrapped = NULL;

		send_test(dialog, &sent);
		lines = sent && mirror->test != MIRROR_TESTING ? result(mirror) : progress(mirror);
		wrapped = window_wrap(lines, pane.width);
		pane_show(&pane, wrapped, 0);
		key = window_run(&window);
		if (key == 'a' && is_new_key(mirror))
			mirror_set(mirror, HOSTKEY, field_text(mirror->server, "hostkey"));
	}
	if (mirror->test == MIRROR_TESTING)
		mirror_cancel(mirror);
	pane_free(&pane);
	window_close(&window);
}
