// SPDX-License-Identifier: GPL-2.0-or-later
/* A part that has nothing but fields: Machine, Output, More. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "dialog/form.h"

#define KEYS " Tab: next  F1: help  F2: show secrets  F4: default  Esc: back"

static enum screen self_of(enum part part)
{
	return part == PART_MACHINE ? SCREEN_MACHINE :
	       part == PART_OUTPUT  ? SCREEN_OUTPUT :
				      SCREEN_MORE;
}

enum screen fields_screen(struct dialog *dialog, enum part part)
{
	static const char *focus; /* while the form is made anew */
	enum screen self = self_of(part), next = SCREEN_HUB;
	struct window window;
	struct form *form;
	int key;

	window_open(&window, dialog, part_name(part), KEYS);
	form = form_new(&window, part, 0);
	form_focus(form, focus);
	window_button(&window, "Back", WINDOW_BACK);
	window_button(&window, "Help", NEWT_KEY_F1);
	do {
		key = window_run(&window);
		form_key(form, key);
		if (key == NEWT_KEY_F1)
			help_screen(dialog, form_current(form));
		/* Another output mode has other fields. */
		if (key == WINDOW_CHANGED && form_is_stale(form)) {
			next = self;
			break;
		}
	} while (key != WINDOW_BACK && !window_leaves(dialog, key, self, &next));
	focus = next == self ? form_current(form) : NULL;
	form_free(form);
	window_close(&window);
	return next;
}
