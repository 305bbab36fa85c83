// SPDX-License-Identifier: GPL-2.0-or-later
/* Hub: all parts with their states, so that one sees at a glance what is missing; Start. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "dialog/here.h"
#include "dialog/power.h"
#include "dialog/window.h"

#include <stdlib.h>
#include <string.h>

#define KEYS " Up/Down: choose   Enter: open   Esc: leave   F1: help"
#define TOP 3

/* What stands behind the guest's name: ", 2 CPUs, 1G, BIOS". */
static const char *behind_name(const char *line)
{
	const char *at = line + strlen(line);

	for (int fields = 0; at > line && fields < 3; fields += text_begins(at, ", "))
		at--;
	return at > line ? at : "";
}

/* A line that is too long loses what stands before its @end. */
static void set_entry(newtComponent list, int at, struct window *window, const char *line,
		      const char *end)
{
	const size_t width = (size_t)window->width - 4;
	const char *dots = MB_CUR_MAX == 1 ? "..." : "…";
	const size_t kept = strlen(end) + strlen(dots);
	AUTO_FREE char *whole = window_plain(line, strlen(line)), *fits = window_plain(line, width);
	AUTO_FREE char *head = window_plain(line, width > kept ? width - kept : 0);
	AUTO_FREE char *cut = text_format("%s%s%s", head, dots, end);

	newtListboxSetEntry(list, at, strcmp(whole, fits) != 0 ? cut : whole);
}

static void show(struct window *window, newtComponent list, struct pane *pane)
{
	struct mirror *mirror = window->dialog->mirror;
	size_t ready = 0, parts = here_parts(window->dialog);

	for (enum part part = 0; part < parts; part++) {
		struct part_state state = here_state(window->dialog, part);
		AUTO_FREE char *text = state.text;
		AUTO_FREE char *line = text_format("%-10s%-7s%s", part_name(part),
						   part_mood_name(state.mood), text);

		ready += state.mood == PART_READY;
		set_entry(list, (int)part, window, line,
			  part == PART_MACHINE && state.mood == PART_READY ? behind_name(line) :
									     "");
	}
	set_entry(list, (int)parts, window,
		  status_is_busy(&mirror->status) ? "Running   p2vd is busy: look at it" :
		  ready == parts                  ? "Start     all is ready: review and start" :
						    "Start     review and start",
		  "");
	pane_text(pane,
		  mirror->trouble ?:
			  "This machine becomes a KVM guest. Its disks are only read. Open what is not ready, then Start.");
}

/* Opens the chosen line. */
static enum screen chosen(struct dialog *dialog, newtComponent list)
{
	size_t line = (size_t)newtListboxGetCurrent(list);

	if (line <= here_parts(dialog))
		return SCREEN_SERVER + (enum screen)(line - 1);
	if (!status_is_busy(&dialog->mirror->status))
		return SCREEN_REVIEW;
	dialog->forms = false;
	return SCREEN_RUNNING;
}

enum screen hub_screen(struct dialog *dialog)
{
	static size_t last = 1; /* the line that was opened */
	unsigned start = here_parts(dialog) + 1;
	enum screen next = SCREEN_HUB;
	struct window window;
	struct pane pane;
	newtComponent list;
	int key;

	window_open(&window, dialog, "p2vd " P2VD_VERSION ": convert this machine", KEYS);
	pane = pane_new(&window, 1, 0, window.width - 2, TOP - 1);
	list = newtListbox(1, TOP, (int)start, 0);
	newtListboxSetWidth(list, window.width - 2);
	for (size_t line = 1; line <= start; line++)
		newtListboxAppendEntry(list, "", window_line(line));
	newtListboxSetCurrentByKey(list, window_line(last));
	window_stop(&window, list);
	window.list = list;
	window.ticks = true; /* the network comes up without p2vd's doing */
	window_button(&window, "Open", '\r');
	window_button(&window, "Help", NEWT_KEY_F1);
	window_button(&window, "Leave", WINDOW_BACK);
	power_buttons(&window);
	do {
		show(&window, list, &pane);
		key = window_run(&window);
		if (key == NEWT_KEY_F1)
			help_screen(dialog, NULL);
		power_key(dialog, key, false);
	} while (key != '\r' && key != WINDOW_BACK &&
		 !window_leaves(dialog, key, SCREEN_HUB, &next));
	last = (size_t)newtListboxGetCurrent(list);
	if (key == '\r')
		next = chosen(dialog, list);
	else if (key == WINDOW_BACK)
		next = SCREEN_LEAVE;
	pane_free(&pane);
	window_close(&window);
	return next;
}
