// SPDX-License-Identifier: GPL-2.0-or-later
/* Keyboard: its layout, out of a list, and a field to try it before a password is typed. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "dialog/form.h"

#include <string.h>

#define KEYS " Tab: next   Enter: take the layout   F1: help   F4: default   Esc: back"
#define LAYOUT "p2v.keymap"
#define TRY 21 /* the column of the form's fields, too */

struct choice {
	struct window window;
	struct form *form;
	newtComponent list;
	struct pane pane;
	char **layouts;
};

/* Puts the cursor of the list to the layout in use. */
static void show_current(struct choice *choice)
{
	const char *value = mirror_value(choice->window.dialog->mirror, LAYOUT) ?: "us";

	for (size_t i = 0; choice->layouts && choice->layouts[i]; i++)
		if (!strcmp(choice->layouts[i], value))
			newtListboxSetCurrent(choice->list, (int)i);
}

static void open_screen(struct choice *choice, struct dialog *dialog)
{
	struct window *window = &choice->window;
	int top, height;

	window_open(window, dialog, "Keyboard", KEYS);
	choice->layouts = keyboard_layouts("");
	choice->form = form_new(window, PART_KEYBOARD, 0);
	top = form_height(choice->form);
	height = window->height - top - 4;
	choice->list = newtListbox(1, top, height, NEWT_FLAG_SCROLL);
	newtListboxSetWidth(choice->list, window->width - 2);
	for (size_t i = 0; choice->layouts && choice->layouts[i]; i++)
		newtListboxAppendEntry(choice->list, choice->layouts[i], choice->layouts[i]);
	show_current(choice);
	if (choice->layouts) {
		window_stop(window, choice->list);
		window->list = choice->list;
	}
	window_add(window, newtLabel(1, top + height, "  Try it here"));
	window_stop(window, newtEntry(TRY, top + height, "", window->width - TRY - 1, NULL,
				      NEWT_FLAG_SCROLL));
	choice->pane = pane_new(window, 1, top + height + 1, window->width - 2, 2);
	window_button(window, "Back", WINDOW_BACK);
	window_button(window, "Help", NEWT_KEY_F1);
}

static void close_screen(struct choice *choice)
{
	/* Without layouts the list is in no form, which would free it. */
	if (!choice->layouts)
		newtComponentDestroy(choice->list);
	pane_free(&choice->pane);
	form_free(choice->form);
	window_close(&choice->window);
	list_free(choice->layouts);
}

static void show(struct choice *choice)
{
	const char *trouble = keyboard_trouble(choice->window.dialog->keyboard);
	AUTO_FREE char *wrong = trouble ? text_format("WRONG: %s", trouble) : NULL;

	pane_text(&choice->pane, wrong ? wrong :
				 !choice->layouts ?
					 "There are no keyboard layouts here: it stays as it is." :
					 "");
}

enum screen keyboard_screen(struct dialog *dialog)
{
	struct choice choice = { 0 };
	enum screen next = SCREEN_HUB;
	int key;

	open_screen(&choice, dialog);
	do {
		show(&choice);
		key = window_run(&choice.window);
		form_key(choice.form, key);
		if (key == NEWT_KEY_F1)
			help_screen(dialog, LAYOUT);
		else if (key == '\r' && newtListboxGetCurrent(choice.list))
			mirror_set(dialog->mirror, LAYOUT, newtListboxGetCurrent(choice.list));
		else if (key == WINDOW_CHANGED)
			show_current(&choice);
	} while (key != WINDOW_BACK && !window_leaves(dialog, key, SCREEN_KEYBOARD, &next));
	close_screen(&choice);
	return next;
}
