// SPDX-License-Identifier: GPL-2.0-or-later
/* Server: how to log in to the conversion server, and its test. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "client/field.h"
#include "dialog/form.h"
#include "dialog/part_state.h"

#include <unistd.h>

#define KEYS " Tab: next F1: help F2: show F3: test F4: default F6: stick ^U: empty Esc: back"
#define MTYPE "/usr/bin/mtype" /* of mtools */

static void show_state(struct pane *pane, const struct mirror *mirror)
{
	struct part_state state = part_state(PART_SERVER, mirror, true);
	AUTO_FREE char *text = state.text;
	AUTO_FREE char *line = text_format("%s: %s", part_mood_name(state.mood), text);

	pane_text(pane, line);
}

enum screen server_screen(struct dialog *dialog)
{
	enum screen next = SCREEN_HUB;
	struct window window;
	struct form *form;
	struct pane pane;
	int key;

	window_open(&window, dialog, "Server", KEYS);
	form = form_new(&window, PART_SERVER, 0);
	pane = pane_new(&window, 1, form_height(form), window.width - 2,
			window.height - form_height(form) - 2);
	window_button(&window, "Test", NEWT_KEY_F3);
	if (access(MTYPE, X_OK) == 0) {
		window_button(&window, "Key from a stick", NEWT_KEY_F6);
		window_key(&window, NEWT_KEY_F6);
	}
	window_button(&window, "Back", WINDOW_BACK);
	window_button(&window, "Help", NEWT_KEY_F1);
	window_key(&window, NEWT_KEY_F3);
	do {
		show_state(&pane, dialog->mirror);
		key = window_run(&window);
		form_key(form, key);
		if (key == NEWT_KEY_F1)
			help_screen(dialog, form_current(form));
		else if (key == NEWT_KEY_F3)
			test_screen(dialog);
		else if (key == NEWT_KEY_F6)
			stick_screen(dialog);
	} while (key != WINDOW_BACK && !window_leaves(dialog, key, SCREEN_SERVER, &next));
	pane_free(&pane);
	form_free(form);
	window_close(&window);
	return next;
}
