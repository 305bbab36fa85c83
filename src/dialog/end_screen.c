// SPDX-License-Identifier: GPL-2.0-or-later
/* End: how the conversion ended, where the guest is, and what to do next. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "client/status.h"
#include "dialog/power.h"
#include "dialog/step.h"
#include "dialog/window.h"

#define SHOWN 6 /* messages */

static char **ending(const struct mirror *mirror)
{
	const struct status *status = &mirror->status;
	AUTO_FREE char *result = status_result(status, true), *subject = step_subject(status);
	AUTO_FREE char *elapsed = text_duration(status->elapsed == STATUS_UNKNOWN ?
							0 :
							status->elapsed);
	AUTO_LIST char **advice = step_advice(status);
	/* Not those of an earlier conversion. */
	uint64_t own = mirror->told - mirror->begun;
	size_t count = list_length(mirror->messages), shown = own < SHOWN ? (size_t)own : SHOWN;
	char **lines = NULL;

	list_append(&lines, text_format("%s%s", status_has_failed(status) ? "WRONG: " : "",
					result ?: "it has ended"));
	if (status->reason)
		list_append(&lines, text_copy(status->reason));
	list_append(&lines, text_format("To %s, after %s", subject, elapsed));
	list_append(&lines, text_copy(""));
	for (char **line = advice; line && *line; line++)
		list_append(&lines, text_copy(*line));
	if (mirror->trouble)
		list_append(&lines, text_format("error: %s", mirror->trouble));
	list_append(&lines, text_copy(""));
	for (size_t i = count > shown ? count - shown : 0; i < count; i++)
		list_append(&lines, text_copy(mirror->messages[i]));
	return lines;
}

/* Returns the screen after the key, SCREEN_END for this one. */
static enum screen on_key(struct dialog *dialog, int key)
{
	const struct status *status = &dialog->mirror->status;
	bool success = !status_has_failed(status);

	switch (key) {
	case 't':
		if (success && !status->inventory &&
		    !window_ask(dialog, "Once more",
				"It has succeeded. Convert the machine once more? A guest of the same name may be in the way.",
				"Once more", "Stay"))
			break;
		mirror_start(dialog->mirror);
		break;
	case 'e':
		dialog->read = true;
		return SCREEN_HUB;
	case 'l':
		log_screen(dialog);
		break;
	case NEWT_KEY_F1:
		help_screen(dialog, NULL);
		break;
	default:
		power_key(dialog, key, success);
	}
	return SCREEN_END;
}

static void add_buttons(struct window *window)
{
	bool success = !status_has_failed(&window->dialog->mirror->status);

	if (!success)
		window_button(window, "Try again", 't');
	window_button(window, "Edit", 'e');
	window_button(window, "Log", 'l');
	if (success)
		window_button(window, "Once more", 't');
	power_buttons(window);
	window_button(window, "Help", NEWT_KEY_F1);
	window_key(window, 'e');
	window_key(window, 'l');
}

enum screen end_screen(struct dialog *dialog)
{
	enum screen next = SCREEN_END, after;
	struct window window;
	struct pane pane;
	size_t first = 0;
	int key = 0;

	window_open(&window, dialog, "End",
		    dialog->appliance ?
			    " e: edit  l: log  p: power off  r: reboot  s: shell  Up/Down: scroll  F1: help" :
			    " e: edit   l: log   Up/Down: scroll   F1: help");
	pane = pane_new(&window, 1, 0, window.width - 2, window.height - 2);
	add_buttons(&window);
	window_scrolls(&window);
	do {
		AUTO_LIST char **lines = ending(dialog->mirror), **wrapped = NULL;

		wrapped = window_wrap(lines, pane.width);
		first = window_scroll(key, first, pane.height, list_length(wrapped));
		pane_show(&pane, wrapped, first);
		key = window_run(&window);
		after = on_key(dialog, key);
		/* What ended was forgotten: p2vd is another one, or a test has begun. */
		if (!dialog_ended(dialog) && dialog->mirror->connected && after == SCREEN_END)
			after = SCREEN_HUB;
	} while (after == SCREEN_END && !window_leaves(dialog, key, SCREEN_END, &next));
	pane_free(&pane);
	window_close(&window);
	return after == SCREEN_END ? next : dialog_runs(dialog) ? SCREEN_RUNNING : after;
}
