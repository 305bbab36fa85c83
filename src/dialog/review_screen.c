// SPDX-License-Identifier: GPL-2.0-or-later
/* Review: what will happen, what there is to warn of, and the same as words to copy; Start. */
#include "dialog/screens.h"

#include "base/list.h"
#include "dialog/review.h"
#include "dialog/window.h"

#define KEYS " Up/Down: scroll   Enter: press the button   F1: help   Esc: back"

/* Start is told by the status. What p2vd refuses stands on the screen. @tests: what the button
 * says; nobody who has read Test means Start. */
static void start(struct dialog *dialog, bool tests)
{
	struct mirror *mirror = dialog->mirror;

	if (mirror->test != MIRROR_PASSED)
		test_screen(dialog);
	else if (!tests)
		mirror_start(mirror);
}

enum screen review_screen(struct dialog *dialog)
{
	struct mirror *mirror = dialog->mirror;
	const bool tests = mirror->test != MIRROR_PASSED;
	enum screen next = SCREEN_HUB;
	struct window window;
	struct pane pane;
	size_t first = 0;
	int key = 0;

	window_open(&window, dialog, "Review", KEYS);
	window_scrolls(&window);
	pane = pane_new(&window, 1, 0, window.width - 2, window.height - 2);
	window_button(&window, tests ? "Test" : "Start", 's');
	window_button(&window, "Back", WINDOW_BACK);
	window_button(&window, "Help", NEWT_KEY_F1);
	do {
		AUTO_LIST char **lines = review_lines(mirror), **wrapped = NULL;

		wrapped = window_wrap(lines, pane.width);
		first = window_scroll(key, first, pane.height, list_length(wrapped));
		pane_show(&pane, wrapped, first);
		key = window_run(&window);
		if (key == NEWT_KEY_F1) {
			help_screen(dialog, NULL);
		} else if (key == 's') {
			start(dialog, tests);
			next = SCREEN_REVIEW;
			if (tests)
				break;
		}
		if (tests != (mirror->test != MIRROR_PASSED)) {
			next = SCREEN_REVIEW; /* with the other button */
			break;
		}
	} while (key != WINDOW_BACK && !window_leaves(dialog, key, SCREEN_REVIEW, &next));
	pane_free(&pane);
	window_close(&window);
	return key == WINDOW_BACK ? SCREEN_HUB : next;
}
