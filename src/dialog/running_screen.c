// SPDX-License-Identifier: GPL-2.0-or-later
/* Running: how far the test or conversion is, and what p2vd and virt-v2v say. */
#include "dialog/screens.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/status.h"
#include "dialog/power.h"
#include "dialog/step.h"
#include "dialog/window.h"

#define KEYS " c: cancel   l: log   m: menu   Up/Down, PgUp/PgDn: scroll   F1: help"
#define HEADER 3
#define DISKS 8 /* lines at most */

struct running {
	struct window window;
	struct pane header, disks, messages;
	size_t back; /* how many lines the person has scrolled back */
	uint64_t ticks; /* seconds since the last status */
};

static void show_header(struct running *running)
{
	struct mirror *mirror = running->window.dialog->mirror;
	const struct status *status = &mirror->status;
	uint64_t seconds = status->elapsed == STATUS_UNKNOWN ? 0 : status->elapsed + running->ticks;
	AUTO_FREE char *elapsed = text_duration(seconds), *step = step_text(status);
	AUTO_FREE char *subject = step_subject(status);
	AUTO_FREE char *where = text_format("To %s   %s", subject, elapsed);
	char *const lines[] = { where, step,
				(char *)(mirror->trouble         ?:
						 status->waiting ?:
								   ""),
				NULL };

	pane_show(&running->header, lines, 0);
}

static void show_disks(struct running *running)
{
	const struct status *status = &running->window.dialog->mirror->status;
	AUTO_LIST char **lines = status_disks(status);
	size_t count = list_length(lines);

	if (count > DISKS) {
		free(lines[DISKS - 1]);
		lines[DISKS - 1] = text_format("and %zu more", count - DISKS + 1);
		for (size_t i = DISKS; i < count; i++) {
			free(lines[i]);
			lines[i] = NULL;
		}
	}
	pane_show(&running->disks, lines, 0);
}

static void show_messages(struct running *running)
{
	struct mirror *mirror = running->window.dialog->mirror;
	AUTO_LIST char **lines = window_wrap(mirror->messages, running->messages.width);
	size_t count = list_length(lines), height = running->messages.height;
	size_t last = count > height ? count - height : 0;

	if (running->back > last)
		running->back = last;
	pane_show(&running->messages, lines, last - running->back);
}

static void scroll(struct running *running, int key)
{
	size_t page = running->messages.height, *back = &running->back;

	if (key == NEWT_KEY_UP)
		*back += 1;
	else if (key == NEWT_KEY_PGUP)
		*back += page;
	else if (key == NEWT_KEY_DOWN)
		*back -= *back ? 1 : 0;
	else if (key == NEWT_KEY_PGDN)
		*back -= *back < page ? *back : page;
}

static void cancel(struct dialog *dialog)
{
	if (window_ask(dialog, "Cancel",
		       "Cancel it? What is half made on the server is removed, and this machine stays as it is. It can be started again from the beginning only.",
		       "Cancel it", "Go on"))
		mirror_cancel(dialog->mirror);
}

static void open_screen(struct running *running, struct dialog *dialog)
{
	static const int keys[] = { 'c',           'l',           'm',          NEWT_KEY_UP,
				    NEWT_KEY_DOWN, NEWT_KEY_PGUP, NEWT_KEY_PGDN };
	struct window *window = &running->window;
	AUTO_LIST char **disks = status_disks(&dialog->mirror->status);
	int count = (int)list_length(disks), top;

	window_open(window, dialog, "Running", KEYS);
	window->scrolls = window->ticks = true;
	running->header = pane_new(window, 0, 0, window->width, HEADER);
	count = count > DISKS ? DISKS : count;
	running->disks = pane_new(window, 0, HEADER, window->width, count);
	top = HEADER + count + 1;
	running->messages = pane_new(window, 0, top, window->width, window->height - top - 1);
	for (size_t i = 0; i < COUNT(keys); i++)
		window_key(window, keys[i]);
	window_button(window, "Cancel", 'c');
	window_button(window, "Log", 'l');
	window_button(window, "Menu", 'm');
	if (power_shell(dialog)) {
		window_button(window, "Shell", 's');
		window_key(window, 's');
	}
	window_button(window, "Help", NEWT_KEY_F1);
}

/* Ctrl-C asks, too; Escape alone does nothing here. */
static bool on_key(struct running *running, int key, enum screen *next)
{
	struct dialog *dialog = running->window.dialog;

	running->ticks = key == WINDOW_TICK ? running->ticks + 1 : 0;
	scroll(running, key);
	if (key == 'c' || key == WINDOW_BACK)
		cancel(dialog);
	else if (key == 'l')
		log_screen(dialog);
	else if (key == NEWT_KEY_F1)
		help_screen(dialog, NULL);
	else if (key == 's' && power_shell(dialog))
		power_key(dialog, key, false);
	if (key != 'm')
		return false;
	dialog->forms = true;
	*next = SCREEN_HUB;
	return true;
}

/* Other disks than those that there are lines for: lay it out anew. */
static bool is_stale(const struct running *running)
{
	AUTO_LIST char **disks = status_disks(&running->window.dialog->mirror->status);
	size_t count = list_length(disks);

	return running->disks.height != (count > DISKS ? DISKS : count);
}

enum screen running_screen(struct dialog *dialog)
{
	struct running running = { 0 };
	enum screen next = SCREEN_RUNNING;
	int key;

	open_screen(&running, dialog);
	do {
		show_header(&running);
		show_disks(&running);
		show_messages(&running);
		key = window_run(&running.window);
		if (on_key(&running, key, &next) ||
		    window_leaves(dialog, key, SCREEN_RUNNING, &next))
			break;
		if (!dialog_runs(dialog)) {
			/* A test, or p2vd was lost. */
			next = dialog->mirror->connected ? SCREEN_HUB : SCREEN_RUNNING;
			if (next == SCREEN_HUB)
				break;
		}
	} while (!is_stale(&running));
	pane_free(&running.header);
	pane_free(&running.disks);
	pane_free(&running.messages);
	window_close(&running.window);
	return next;
}
