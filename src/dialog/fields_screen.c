// SPDX-License-Identifier: GPL-2.0-or-later
/* A part that has nothing but fields: Machine, Output, Transfer, More. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "dialog/form.h"
#include "dialog/machine_facts.h"

#define KEYS " Tab: next  F1: help  F2: show secrets  F4: default  Ctrl-U: empty  Esc: back"

/* What stands below the fields of a part: of the machine, what none of them says. */
static void show_facts(struct pane *pane, enum part part, const struct mirror *mirror)
{
	AUTO_LIST char **facts = part == PART_MACHINE ? machine_facts(mirror, "") : NULL;
	AUTO_LIST char **lines = window_wrap(facts, pane->width);

	pane_show(pane, lines, 0);
}

enum screen fields_screen(struct dialog *dialog, enum part part)
{
	static const char *focus; /* while the form is made anew */
	enum screen self = SCREEN_SERVER + (enum screen)part, next = SCREEN_HUB;
	struct window window;
	struct form *form;
	struct pane pane;
	int key;

	window_open(&window, dialog, part_name(part), KEYS);
	form = form_new(&window, part, 0);
	form_focus(form, focus);
	pane = pane_new(&window, 1, form_height(form), window.width - 2,
			window.height - form_height(form) - 1);
	window.ticks = part == PART_MACHINE; /* its clock is shown */
	window_button(&window, "Back", WINDOW_BACK);
	window_button(&window, "Help", NEWT_KEY_F1);
	do {
		show_facts(&pane, part, dialog->mirror);
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
	pane_free(&pane);
	form_free(form);
	window_close(&window);
	return next;
}
