// SPDX-License-Identifier: GPL-2.0-or-later
/* A window of newt that fills the terminal. */
#include "dialog/window.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/paragraph.h"
#include "base/text.h"

#include <slang.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CTRL_C 3
#define TICK 1000 /* milliseconds */

/* ---- texts ------------------------------------------------------------------------ */

/* The number of bytes of the first @most characters of @text. */
static size_t start_length(const char *text, size_t most)
{
	size_t characters = 0, i = 0;

	while (text[i] && ((text[i] & 0xc0) == 0x80 || characters++ < most))
		i++;
	return i;
}

/* Where the terminal does not show UTF-8, a character that is not ASCII becomes one ?. */
static void make_ascii(char *text)
{
	char *to = text;

	for (; *text; text++)
		if ((*text & 0xc0) != 0x80)
			*to++ = *text & 0x80 ? '?' : *text;
	*to = '\0';
}

char *window_plain(const char *text, size_t width)
{
	char *plain = text_copy_length(text, start_length(text, width));

	text_make_plain(plain);
	if (MB_CUR_MAX == 1)
		make_ascii(plain);
	return plain;
}

char **window_wrap(char *const *lines, size_t width)
{
	char **wrapped = NULL;

	for (; lines && *lines; lines++) {
		AUTO_LIST char **parts = NULL;

		if (start_length(*lines, width) == strlen(*lines)) {
			list_append(&wrapped, text_copy(*lines));
			continue;
		}
		parts = paragraph_lines(*lines, width);
		for (char **part = parts; *part; part++) {
			const char *rest = *part;

			/* A word that is too long goes on in the next line. */
			do {
				size_t length = start_length(rest, width);

				list_append(&wrapped, text_copy_length(rest, length));
				rest += length;
			} while (*rest);
		}
	}
	return wrapped;
}

/* ---- panes -------------------------------------------------------------------------- */

struct pane pane_new(struct window *window, int left, int top, int width, int height)
{
	struct pane pane = { .width = (size_t)width };

	for (int i = 0; i < height; i++) {
		newtComponent line = newtTextbox(left, top + i, width, 1, 0);

		window_add(window, line);
		APPEND(pane.line, pane.height, line);
	}
	return pane;
}

void pane_free(struct pane *pane)
{
	free(pane->line);
	*pane = (struct pane){ 0 };
}

/* Where there is no colour, the words say it as well. */
static int colour_of(const char *line)
{
	if (text_begins(line, "error: ") || text_begins(line, "WRONG"))
		return NEWT_COLORSET_CUSTOM(1);
	if (text_begins(line, "warning: "))
		return NEWT_COLORSET_CUSTOM(2);
	return NEWT_COLORSET_TEXTBOX;
}

void pane_show(struct pane *pane, char *const *lines, size_t first)
{
	size_t count = list_length(lines);

	for (size_t i = 0; i < pane->height; i++) {
		const char *line = first + i < count ? lines[first + i] : "";
		AUTO_FREE char *plain = window_plain(line, pane->width);

		newtTextboxSetColors(pane->line[i], colour_of(line), colour_of(line));
		newtTextboxSetText(pane->line[i], plain);
	}
}

void pane_text(struct pane *pane, const char *text)
{
	char *const one[] = { (char *)text, NULL };
	AUTO_LIST char **lines = window_wrap(one, pane->width);

	pane_show(pane, lines, 0);
}

/* ---- windows ------------------------------------------------------------------------ */

/* Without a list, the arrow keys go from one component to another. */
static void take_arrows(struct window *window)
{
	if (window->list || window->scrolls || window->arrows)
		return;
	window->arrows = true;
	window_key(window, NEWT_KEY_UP);
	window_key(window, NEWT_KEY_DOWN);
}

static void open_form(struct window *window, struct dialog *dialog)
{
	static const int keys[] = { NEWT_KEY_TAB, NEWT_KEY_UNTAB, '\r',       '\n',
				    WINDOW_BACK,  CTRL_C,         NEWT_KEY_F1 };

	window->dialog = dialog;
	window->column = 1;
	window->form = newtForm(NULL, NULL, 0);
	newtFormWatchFd(window->form, sd_event_get_fd(dialog->event), NEWT_FD_READ);
	for (size_t i = 0; i < COUNT(keys); i++)
		window_key(window, keys[i]);
}

/* newt reads what was typed before a window opens, and throws it away. That is right where the
 * window opens by itself (Running, End): it was meant for another. Where a person who knows the
 * way has opened it, and types ahead, newt is given nothing to read meanwhile. */
static void open_window(const struct window *window, struct dialog *dialog, const char *title)
{
	AUTO_CLOSE int nothing = eventfd(0, EFD_CLOEXEC);
	int terminal = SLang_TT_Read_FD;

	if (nothing >= 0 && !dialog_runs(dialog) && !dialog_ended(dialog))
		SLang_TT_Read_FD = nothing;
	newtOpenWindow(1, 1, (unsigned)window->width, (unsigned)window->height, title);
	SLang_TT_Read_FD = terminal;
}

void window_open(struct window *window, struct dialog *dialog, const char *title, const char *keys)
{
	*window = (struct window){ 0 };
	newtGetScreenSize(&window->width, &window->height);
	window->width -= 2;
	window->height -= 3; /* the border, and the line with the keys */
	open_window(window, dialog, title);
	newtPushHelpLine(keys);
	newtSetColor(NEWT_COLORSET_CUSTOM(1), (char *)"red", (char *)"lightgray");
	newtSetColor(NEWT_COLORSET_CUSTOM(2), (char *)"brown", (char *)"lightgray");
	open_form(window, dialog);
}

/* Opens a small one over it, for a question. */
static void open_small(struct window *window, struct dialog *dialog, int width, int height,
		       const char *title)
{
	*window = (struct window){ .width = width, .height = height };
	newtCenteredWindow((unsigned)width, (unsigned)height, title);
	newtPushHelpLine(" Tab: next   Enter: choose   Esc: back");
	open_form(window, dialog);
}

void window_close(struct window *window)
{
	newtFormDestroy(window->form);
	newtPopHelpLine();
	newtPopWindowNoRefresh();
}

void window_add(struct window *window, newtComponent component)
{
	newtFormAddComponent(window->form, component);
}

void window_stop(struct window *window, newtComponent component)
{
	window_add(window, component);
	if (window->stops < WINDOW_STOPS)
		window->stop[window->stops++] = component;
}

void *window_line(size_t number)
{
	return (void *)number; /* NOLINT(performance-no-int-to-ptr): newt gives it back as it is */
}

void window_button(struct window *window, const char *text, int key)
{
	newtComponent button = newtCompactButton(window->column, window->height - 1, text);

	window->column += (int)strlen(text) + 5;
	window->key[window->stops] = key;
	window_stop(window, button);
}

void window_key(struct window *window, int key)
{
	newtFormAddHotKey(window->form, key);
}

static size_t current(const struct window *window)
{
	newtComponent component = newtFormGetCurrent(window->form);
	size_t i = 0;

	while (i < window->stops && window->stop[i] != component)
		i++;
	return i;
}

static int move(struct window *window, bool forward)
{
	size_t at = current(window), count = window->stops;

	if (count)
		newtFormSetCurrent(window->form,
				   window->stop[(at + (forward ? 1 : count - 1)) % count]);
	return WINDOW_MOVED;
}

static int enter(struct window *window)
{
	size_t at = current(window);

	if (window->takes_enter && window->takes_enter(window->user))
		return 0;
	if (at < window->stops && window->key[at])
		return window->key[at];
	return window->list && at < window->stops && window->stop[at] == window->list ?
		       '\r' :
		       move(window, true);
}

static int on_key(struct window *window, int key)
{
	switch (key) {
	case NEWT_KEY_TAB:
		return move(window, true);
	case NEWT_KEY_UNTAB:
		return move(window, false);
	case NEWT_KEY_DOWN:
	case NEWT_KEY_UP:
		return window->scrolls ? key : move(window, key == NEWT_KEY_DOWN);
	case '\r':
	case '\n':
		return enter(window);
	case NEWT_KEY_F12:
	case CTRL_C:
		return WINDOW_BACK;
	default:
		return key;
	}
}

static int on_exit_of(struct window *window, const struct newtExitStruct *why)
{
	switch (why->reason) {
	case NEWT_EXIT_HOTKEY:
		return on_key(window, why->u.key);
	case NEWT_EXIT_COMPONENT:
		return enter(window);
	case NEWT_EXIT_ERROR:
		window->dialog->over = true;
		return WINDOW_OVER;
	case NEWT_EXIT_FDREADY:
		return 0;
	case NEWT_EXIT_TIMER:
		break;
	}
	return window->ticks ? WINDOW_TICK : 0;
}

void window_wake(struct window *window)
{
	newtFormSetTimer(window->form, 1);
}

/* Whether the terminal has another size than newt thinks. Its signal may be lost on newt. */
static bool has_other_size(void)
{
	struct winsize size = { 0 };
	int columns = 0, rows = 0;

	newtGetScreenSize(&columns, &rows);
	return ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row &&
	       (size.ws_col != columns || size.ws_row != rows);
}

int window_run(struct window *window)
{
	struct dialog *dialog = window->dialog;
	int result = 0;

	take_arrows(window);
	while (!result) {
		struct newtExitStruct why;

		while (sd_event_run(dialog->event, 0) > 0)
			;
		if (dialog->over)
			return WINDOW_OVER;
		dialog->resized = dialog->resized || has_other_size();
		if (dialog->resized)
			return WINDOW_RESIZED;
		if (dialog->mirror->revision != window->seen) {
			window->seen = dialog->mirror->revision;
			return WINDOW_CHANGED;
		}
		newtFormSetTimer(window->form, TICK);
		newtFormRun(window->form, &why);
		result = on_exit_of(window, &why);
	}
	return result;
}

void window_scrolls(struct window *window)
{
	static const int keys[] = { NEWT_KEY_UP,   NEWT_KEY_DOWN, NEWT_KEY_PGUP,
				    NEWT_KEY_PGDN, NEWT_KEY_HOME, NEWT_KEY_END };

	window->scrolls = true;
	for (size_t i = 0; i < COUNT(keys); i++)
		window_key(window, keys[i]);
}

size_t window_scroll(int key, size_t first, size_t page, size_t count)
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

bool window_leaves(struct dialog *dialog, int key, enum screen self, enum screen *next)
{
	if (key == WINDOW_OVER)
		*next = SCREEN_LEAVE;
	else if (key == WINDOW_RESIZED)
		*next = self;
	else if (dialog_runs(dialog) && self != SCREEN_RUNNING)
		*next = SCREEN_RUNNING;
	else if (dialog_ended(dialog) && self != SCREEN_END)
		*next = SCREEN_END;
	else
		return false;
	return true;
}

bool window_ask(struct dialog *dialog, const char *title, const char *question, const char *yes,
		const char *no)
{
	char *const one[] = { (char *)question, NULL };
	AUTO_LIST char **lines = window_wrap(one, 60);
	struct window window;
	struct pane pane;
	int key;

	open_small(&window, dialog, 64, (int)list_length(lines) + 3, title);
	pane = pane_new(&window, 2, 0, 60, (int)list_length(lines));
	pane_show(&pane, lines, 0);
	window_button(&window, no, 'n');
	window_button(&window, yes, 'y');
	/* No letter answers: it may belong to what a person types for a screen that is gone. */
	do
		key = window_run(&window);
	while (key != 'y' && key != 'n' && key != WINDOW_BACK && key != WINDOW_OVER &&
	       key != WINDOW_RESIZED);
	pane_free(&pane);
	window_close(&window);
	return key == 'y';
}
