// SPDX-License-Identifier: GPL-2.0-or-later
/* A screen on which a person chooses out of lists. */
#include "dialog/choosing.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"
#include "dialog/form.h"
#include "dialog/screens.h"

#include <string.h>

#define KINDS 2
#define DETAILS 2 /* lines; one more where there is more to tell */
#define WARNINGS 3
#define FORM 11 /* the form and the buttons: fields, a blank line, hints, buttons */

struct choosing {
	const struct choosing_setup *setup;
	struct window window;
	struct selection selection[KINDS];
	newtComponent list;
	size_t rows; /* in the list */
	struct pane details, warnings;
	struct form *form;
};

sd_json_variant *choosing_facts(sd_json_variant *inventory, const char *kind, const char *name)
{
	for (size_t i = 0; name && i < field_count(inventory, kind); i++) {
		sd_json_variant *one = field_element(inventory, kind, i);
		const char *known = field_text(one, "name");

		if (known && !strcmp(known, name))
			return one;
	}
	return NULL;
}

char *choosing_product(sd_json_variant *facts)
{
	const char *vendor = field_text(facts, "vendor"), *model = field_text(facts, "model");

	return text_format("%s%s%s", vendor ?: "", vendor && model ? " " : "", model ?: "");
}

/* The item of a row, and its list. NULL: there is no such row. */
static struct selection_item *item_of(struct choosing *choosing, size_t row, size_t *kind)
{
	for (*kind = 0; *kind < KINDS; row -= choosing->selection[(*kind)++].count)
		if (row < choosing->selection[*kind].count)
			return &choosing->selection[*kind].item[row];
	return NULL;
}

static size_t current_row(const struct choosing *choosing)
{
	return choosing->rows ? (size_t)newtListboxGetCurrent(choosing->list) - 1 : 0;
}

static void show_row(struct choosing *choosing, size_t row)
{
	size_t kind;
	const struct selection_item *item = item_of(choosing, row, &kind);
	AUTO_FREE char *line = item ? choosing->setup->kinds[kind].line(item) : text_copy("");
	AUTO_FREE char *marked = text_format("[%c] %s", item && item->chosen ? '*' : ' ', line);
	AUTO_FREE char *plain = window_plain(item ? marked : "",
					     (size_t)choosing->window.width - 4);

	newtListboxSetEntry(choosing->list, (int)row, plain);
}

static void show_details(struct choosing *choosing)
{
	size_t kind;
	const struct selection_item *item = item_of(choosing, current_row(choosing), &kind);
	const char *name = choosing->setup->kinds[item ? kind : 0].name;
	const struct draft *draft = mirror_draft(choosing->window.dialog->mirror, name);
	const bool looks = !choosing->window.dialog->mirror->everything;
	AUTO_FREE char *text =
		draft && draft->wrong ? text_format("WRONG: %s", draft->sentence) :
		looks ? text_copy("Please wait: p2vd is looking at this machine. udev may take half a minute, and a disk a minute to answer.") :
		item ? choosing->setup->details(item) :
		       text_copy("There is none.");

	pane_text(&choosing->details, text);
}

/* Reads what there is and what is chosen, and shows it. */
static void refresh(struct choosing *choosing)
{
	const struct mirror *mirror = choosing->window.dialog->mirror;
	AUTO_LIST char **said = choosing->setup->warnings(mirror);
	AUTO_LIST char **lines = window_wrap(said, choosing->warnings.width);
	size_t rows = 0;

	for (size_t i = 0; choosing->setup->kinds[i].name; i++) {
		selection_clear(&choosing->selection[i]);
		choosing->setup->kinds[i].find(&choosing->selection[i], mirror);
		rows += choosing->selection[i].count;
	}
	for (; choosing->rows < rows; choosing->rows++)
		newtListboxAppendEntry(choosing->list, "", window_line(choosing->rows + 1));
	for (; choosing->rows > rows; choosing->rows--)
		newtListboxDeleteEntry(choosing->list, window_line(choosing->rows));
	for (size_t row = 0; row < rows; row++)
		show_row(choosing, row);
	show_details(choosing);
	pane_show(&choosing->warnings, lines, 0);
}

/* The space bar on the list. */
static void toggle(struct choosing *choosing)
{
	size_t kind;
	struct selection_item *item = item_of(choosing, current_row(choosing), &kind);
	AUTO_FREE char *value = NULL;

	if (!item)
		return;
	item->chosen = !item->chosen;
	show_row(choosing, current_row(choosing));
	value = selection_value(&choosing->selection[kind]);
	mirror_set(choosing->window.dialog->mirror, choosing->setup->kinds[kind].name, value);
	window_wake(&choosing->window);
}

/* newt calls this when the cursor has moved, and when the space bar has selected an item. */
static void on_list(newtComponent list, void *user)
{
	struct choosing *choosing = user;
	int selected = 0;
	void **items = newtListboxGetSelection(list, &selected);

	free(items);
	newtListboxClearSelection(list);
	if (selected)
		toggle(choosing);
	show_details(choosing);
}

static void open_screen(struct choosing *choosing, struct dialog *dialog)
{
	struct window *window = &choosing->window;
	const struct choosing_setup *setup = choosing->setup;
	int fields = setup->part == PART_CARDS, details = DETAILS + (setup->more != NULL), height;

	window_open(window, dialog, part_name(setup->part), setup->keys);
	height = window->height - FORM - details - WARNINGS - fields;
	choosing->list = newtListbox(1, 0, height < 3 ? 3 : height,
				     NEWT_FLAG_MULTIPLE | NEWT_FLAG_SCROLL);
	newtListboxSetWidth(choosing->list, window->width - 2);
	newtComponentAddCallback(choosing->list, on_list, choosing);
	window_stop(window, choosing->list);
	window->list = choosing->list;
	choosing->details = pane_new(window, 1, height, window->width - 2, details);
	choosing->warnings = pane_new(window, 1, height + details, window->width - 2, WARNINGS);
	choosing->form = form_new(window, setup->part, height + details + WARNINGS + 1);
	window_button(window, "Back", WINDOW_BACK);
	window_button(window, "Help", NEWT_KEY_F1);
	if (setup->more) {
		window_button(window, setup->more_button, NEWT_KEY_F6);
		window_key(window, NEWT_KEY_F6);
	}
	window_key(window, NEWT_KEY_F3);
	window_key(window, NEWT_KEY_F5);
}

static void show_more(struct choosing *choosing)
{
	const struct choosing_setup *setup = choosing->setup;
	AUTO_LIST char **lines = setup->more(choosing->window.dialog->mirror);

	sheet_screen(choosing->window.dialog, setup->more_button, lines);
}

static void on_key(struct choosing *choosing, int key)
{
	struct dialog *dialog = choosing->window.dialog;
	const char *name = form_current(choosing->form) ?: choosing->setup->kinds[0].name;
	AUTO_LIST char **said = choosing->setup->warnings(dialog->mirror);

	form_key(choosing->form, key);
	if (key == NEWT_KEY_F1)
		help_screen(dialog, name);
	else if (key == NEWT_KEY_F3)
		sheet_screen(dialog, "Warnings", said);
	else if (key == NEWT_KEY_F5)
		mirror_look(dialog->mirror);
	else if (key == NEWT_KEY_F6 && choosing->setup->more)
		show_more(choosing);
	else if (key == WINDOW_CHANGED)
		refresh(choosing);
}

enum screen choosing_screen(struct dialog *dialog, const struct choosing_setup *setup)
{
	struct choosing choosing = { .setup = setup };
	enum screen next = SCREEN_HUB;
	int key;

	open_screen(&choosing, dialog);
	refresh(&choosing);
	do {
		key = window_run(&choosing.window);
		on_key(&choosing, key);
	} while (key != WINDOW_BACK && !window_leaves(dialog, key, setup->self, &next));
	pane_free(&choosing.details);
	pane_free(&choosing.warnings);
	form_free(choosing.form);
	window_close(&choosing.window);
	for (size_t i = 0; i < KINDS; i++)
		selection_clear(&choosing.selection[i]);
	return next;
}
