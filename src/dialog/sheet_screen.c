// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines to read, with scrolling. */
#include "dialog/screens.h"

#include "base/list.h"
#include "client/message.h"
#include "dialog/window.h"

#define KEYS " Up/Down, PgUp/PgDn: scroll   Esc: back"

/* @lines NULL: the messages, which may become more. */
static void show(struct dialog *dialog, const char *title, char *const *lines)
{
	struct window window;
	struct pane pane;
	size_t first = lines ? 0 : SIZE_MAX / 2;
	int key = 0;

	window_open(&window, dialog, title, KEYS);
	window_scrolls(&window);
	pane = pane_new(&window, 1, 0, window.width - 2, window.height - 1);
	window_button(&window, "Back", WINDOW_BACK);
	while (key != WINDOW_BACK && key != WINDOW_OVER && key != WINDOW_RESIZED) {
		AUTO_LIST char **wrapped = window_wrap(lines ?: dialog->mirror->messages,
						       pane.width);

		first = window_scroll(key, first, pane.height, list_length(wrapped));
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
