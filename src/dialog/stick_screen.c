// SPDX-License-Identifier: GPL-2.0-or-later
/* A private key out of a file on a FAT stick, over the screen Server. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/secret.h"
#include "base/text.h"
#include "dialog/stick.h"
#include "dialog/window.h"

#include <string.h>

#define KEYS " Up/Down: choose   Enter: take this file   Esc: back"
#define KEY "p2v.auth.identity.key"

/* Sets the key. Returns false if the file is none. */
static bool take(struct mirror *mirror, const char *text)
{
	const char *begin = strstr(text, "-----BEGIN ");
	char *line = begin ? text_copy(begin) : NULL;
	size_t length = line ? strlen(line) : 0;

	/* On one line, as p2vd takes it. */
	for (char *at = line; at && *at; at++)
		if (*at == '\n' || *at == '\r')
			*at = ' ';
	while (length && line[length - 1] == ' ')
		line[--length] = '\0';
	if (line)
		mirror_set(mirror, KEY, line);
	secret_free(line);
	return line != NULL;
}

static void show(struct pane *pane, const struct stick *stick, bool wrong)
{
	AUTO_FREE char *trouble = stick_trouble(stick) ?
					  text_format("WRONG: %s", stick_trouble(stick)) :
					  NULL;

	pane_text(pane, stick_is_busy(stick) ?
				"Please wait, for up to 30 seconds: the sticks are being read" :
			trouble ? trouble :
			wrong   ? "WRONG: there is no private key in this file: choose another" :
				  "Which file is the private key? Nothing is written to a stick.");
}

/* Puts the files into the list, once. */
static void fill(newtComponent list, struct window *window, char *const *files)
{
	for (size_t i = 0; files && files[i]; i++) {
		AUTO_FREE char *plain = window_plain(files[i], (size_t)window->width - 6);

		newtListboxAppendEntry(list, plain, files[i]);
	}
	newtFormSetCurrent(window->form, list);
}

void stick_screen(struct dialog *dialog)
{
	struct stick *stick = stick_new(dialog->event, dialog->mirror, "");
	struct window window;
	struct pane pane;
	newtComponent list;
	bool taken = false, wrong = false;
	int key = 0;

	window_open(&window, dialog, "A private key on a FAT stick", KEYS);
	pane = pane_new(&window, 1, 0, window.width - 2, 2);
	list = newtListbox(1, 3, window.height - 5, NEWT_FLAG_SCROLL);
	newtListboxSetWidth(list, window.width - 2);
	window_stop(&window, list);
	window.list = list;
	window_button(&window, "Back", WINDOW_BACK);
	while (!taken && key != WINDOW_BACK && key != WINDOW_OVER && key != WINDOW_RESIZED) {
		show(&pane, stick, wrong);
		key = window_run(&window);
		if (key == WINDOW_CHANGED && stick_files(stick) && !newtListboxItemCount(list))
			fill(list, &window, stick_files(stick));
		if (key == '\r' && !stick_is_busy(stick) && newtListboxGetCurrent(list))
			stick_read(stick, newtListboxGetCurrent(list));
		if (key == WINDOW_CHANGED && stick_text(stick)) {
			taken = take(dialog->mirror, stick_text(stick));
			wrong = !taken;
		}
	}
	pane_free(&pane);
	window_close(&window);
	stick_free(stick);
}
