// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines to read, with scrolling. */
#include "dialog/screens.h"

#include "base/list.h"
#include "base/memory.h"
#include "client/message.h"
#include "dialog/window.h"

#define KEYS " Up/Down, PgUp/PgDn: scroll   Esc: back"

/* The number of the first line after @key. */
static size_t scroll(int key, size_t first, size_t page, size_t count)
{
	size_t last = count > page ? count - page : 0;

	switch (key) {
	case NEWT_KEY_UP:
		return first ? first - 1 : 0;
	case NEWT_KEY_DOWN:
		return first < last ? first + 1 : last;
	case NEWT_KEY_PGUP:
		return first > page ? first - page : 0;
	case NEWT_KEY_PGDN:
		return first + page < last ? first + page : last;
	case NEWT_KEY_HOME:
		return 0;
	case NEWT_KEY_END:
		return last;
	default:
		return first < last ? first : last;
	}
}

/* @lines NULL: the messages, which may become more. */
static void show(struct dialog *dialog, const char *title, char *const *lines)
{
	static const int keys[] = { NEWT_KEY_UP,   NEWT_KEY_DOWN, NEWT_KEY_PGUP,
				    NEWT_KEY_PGDN, NEWT_KEY_HOME, NEWT_KEY_END };
	struct window window;
	struct pane pane;
	size_t first = lines ? 0 : SIZE_MAX / 2;
	int key = 0;

	window_open(&window, dialog, title, KEYS);
	window.scrolls = true;
	pane = pane_new(&window, 1, 0, window.width - 2, window.height - 1);
	window_button(&window, "Back", WINDOW_BACK);
	for (size_t i = 0; i < COUNT(keys); i++)
		window_key(&window, keys[i]);
	while (key != WINDOW_BACK && key != WINDOW_OVER && key != WINDOW_RESIZED) {
		AUTO_LIST char **wrapped = window_wrap(lines ?: dialog->mirror->messages,
						       pane.width);

		first = scroll(key, first, pane.height, list_length(wrapped));
		pane_show(&pane, wrapped, first);
		key = window_run(&window);
	}
	pane_free(&pane);
	window_close(&window);
}

void sheet_screen(struct dialog *dialog, const char *title, char *const *lines)
{
	static char *const nothing[] = { NULL };

	show(dialog, title, lines ?: nothing);
}

void log_screen(struct dialog *dialog)
{
	show(dialog, "What p2vd has said", NULL);
}
