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

#define KEYS " Up/Down: scroll   Tab: next   Enter: choose   Esc: back (ends the test)"
#define HOSTKEY "p2v.hostkey"

static void add_copies(char ***lines, char *const *others)
{
	for (; others && *others; others++)
		list_append(lines, text_copy(*others));
}

/* Adds @others and frees the list. */
static void add_lines(char ***lines, char **others)
{
	add_copies(lines, others);
	list_free(others);
}

/* Whether the server's key is another than the parameter says, or that says none. */
static bool is_new_key(const struct mirror *mirror)
{
	const char *key = field_text(mirror->server, "hostkey");
	const char *known = mirror_value(mirror, HOSTKEY);

	return mirror->test == MIRROR_PASSED && key && (!known || !strstr(known, key));
}

/* Whether the parameter says this key: somebody has accepted it, or written it. */
static bool is_known_key(const struct mirror *mirror)
{
	const char *key = field_text(mirror->server, "hostkey");
	const char *known = mirror_value(mirror, HOSTKEY);

	return mirror->test == MIRROR_PASSED && key && known && strstr(known, key);
}

/* What was said, but for the error that is the reason: that stands on top. */
static void add_messages(char ***lines, const struct mirror *mirror)
{
	AUTO_FREE char *error = text_format("error: %s", mirror->reason ?: "");

	for (char **line = mirror->test_messages; line && *line; line++)
		if (strcmp(*line, error) != 0)
			list_append(lines, text_copy(*line));
}

static char **result(const struct mirror *mirror)
{
	AUTO_LIST char **sheet = server_sheet(mirror->server);
	char **lines = NULL;

	if (mirror->test == MIRROR_PASSED)
		list_append(&lines, text_copy("The test has passed."));
	else
		list_append(&lines, text_format("WRONG: %s", mirror->reason ?: "the test failed"));
	if (is_known_key(mirror))
		list_append(&lines,
			    text_copy("The host key is accepted: p2vd logs in to no server with another one."));
	else if (is_new_key(mirror))
		list_append(&lines,
			    text_copy("Compare the host key with that of the server (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub there), and accept it if it is the same."));
	list_append(&lines, text_copy(""));
	if (mirror->test == MIRROR_PASSED)
		add_copies(&lines, sheet);
	add_messages(&lines, mirror);
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

/* What the button says that cannot accept anything now. NULL: it can. */
static const char *why_not(const struct mirror *mirror, bool ended)
{
	if (!ended)
		return "The test is still running: the host key can be accepted when it has ended.";
	if (mirror->test != MIRROR_PASSED)
		return "The test has failed, so there is no host key to accept.";
	return is_new_key(mirror) ? NULL : "There is nothing to accept: the host key is accepted.";
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
	bool sent = false, ended = false;
	const char *note = NULL; /* on a key that could do nothing */
	size_t first = 0;
	int key = 0;

	window_open(&window, dialog, "Test of the server", KEYS);
	window_scrolls(&window);
	pane = pane_new(&window, 1, 0, window.width - 2, window.height - 2);
	window_button(&window, "Back", WINDOW_BACK);
	window_button(&window, "Accept the host key", 'a');
	while (key != WINDOW_BACK && key != WINDOW_OVER && key != WINDOW_RESIZED) {
		AUTO_LIST char **lines = NULL, **wrapped = NULL;

		send_test(dialog, &sent);
		if (!ended && sent && mirror->test != MIRROR_TESTING) {
			ended = true;
			note = NULL;
		}
		if (note)
			list_append(&lines, text_copy(note));
		add_lines(&lines, ended ? result(mirror) : progress(mirror));
		wrapped = window_wrap(lines, pane.width);
		first = window_scroll(key, first, pane.height, list_length(wrapped));
		pane_show(&pane, wrapped, first);
		key = window_run(&window);
		if (key != 'a')
			continue;
		note = why_not(mirror, ended);
		if (!note)
			mirror_set(mirror, HOSTKEY, field_text(mirror->server, "hostkey"));
	}
	if (mirror->test == MIRROR_TESTING)
		mirror_cancel(mirror);
	pane_free(&pane);
	window_close(&window);
}
