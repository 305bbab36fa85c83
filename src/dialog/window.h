/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A window of newt that fills the terminal: components, buttons, and the keys that a person
 * presses. While it waits for a key, the event loop goes on.
 *
 * Texts may come from a server or a disk: what a terminal would obey becomes ?, and what it
 * cannot show, too.
 */
#ifndef P2VD_WINDOW_H
#define P2VD_WINDOW_H

#include "dialog/dialog.h"

#include <newt.h>

#define WINDOW_STOPS 32

/* What window_run() returns beside keys. */
#define WINDOW_CHANGED (-1) /* the mirror has changed */
#define WINDOW_RESIZED (-2) /* lay the screen out anew: return from it */
#define WINDOW_OVER (-3)    /* the program is to end */
#define WINDOW_MOVED (-4)   /* another component has the focus */
#define WINDOW_TICK (-5)    /* a second has passed, for a window that ticks */
#define WINDOW_BACK 27      /* Escape, F12 or Ctrl-C */

struct window {
	struct dialog *dialog;
	newtComponent form;
	int width, height; /* within the border */
	newtComponent list; /* a stop whose Enter and arrow keys are its own; NULL: none */
	bool scrolls; /* window_run() returns the arrow keys: see window_scrolls() */
	bool ticks;
	/* Whether the current component takes Enter, as a pasted text does; NULL: none does. */
	bool (*takes_enter)(void *user);
	void *user;
	uint64_t seen;     /* the mirror's revision */
	newtComponent stop[WINDOW_STOPS]; /* in the order of the Tab key */
	int key[WINDOW_STOPS];            /* of a button; 0: it is none */
	size_t stops;
	int column; /* of the next button */
	bool arrows; /* of window.c alone */
};

/* Lines of text within a window. */
struct pane {
	newtComponent *line;
	size_t height, width;
};

/* Opens a window. @keys is the line at the bottom. */
void window_open(struct window *window, struct dialog *dialog, const char *title, const char *keys);

/* Closes and frees it; its panes and components with it. */
void window_close(struct window *window);

/* Adds a component; window_stop(): one that can have the focus. */
void window_add(struct window *window, newtComponent component);
void window_stop(struct window *window, newtComponent component);

/* What newt knows a line of a list by is a pointer: this is the one of line @number, from 1 on
 * (NULL means none). It points to nothing. */
void *window_line(size_t number);

/* The keys that scroll are for a text, not for the buttons. window_scroll(): the number of the
 * first of @count lines after @key, where @page fit. */
void window_scrolls(struct window *window);
size_t window_scroll(int key, size_t first, size_t page, size_t count);

/* Adds a button to the last line, which counts as @key. */
void window_button(struct window *window, const char *text, int key);

/* A key that window_run() returns. The Tab key, Enter, Escape and F1 are there already. */
void window_key(struct window *window, int key);

/* To be called by a component's callback that asks p2vd something: newt would go on waiting for
 * keys, and the event loop is not told. */
void window_wake(struct window *window);

/* Waits for a key or another event. */
int window_run(struct window *window);

/* Whether the screen @self must give way after @key, and to which: a conversion runs or has ended,
 * the terminal has another size, or the program ends. */
bool window_leaves(struct dialog *dialog, int key, enum screen self, enum screen *next);

/* A pane in the window; its lines are freed with pane_free(), which the window does not. */
struct pane pane_new(struct window *window, int left, int top, int width, int height);
void pane_free(struct pane *pane);

/* Shows @lines (a list) from the number @first on. Each must fit: see window_wrap(). */
void pane_show(struct pane *pane, char *const *lines, size_t first);

/* Shows a text as a paragraph. */
void pane_text(struct pane *pane, const char *text);

/* @lines broken so that each fits into @width columns. The caller frees with list_free(). */
char **window_wrap(char *const *lines, size_t width);

/* @text made safe to show, and cut to @width columns. The caller frees. */
char *window_plain(const char *text, size_t width);

/* Asks a question in a small window. Returns whether the answer is yes. */
bool window_ask(struct dialog *dialog, const char *title, const char *question, const char *yes,
		const char *no);

#endif
