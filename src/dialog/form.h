/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of a part, one below the other: label, value, and what the machine has or who has
 * given it. Below them stands what to write in the current field, or what p2vd says of it. What
 * is entered goes to p2vd when a person leaves the field; what p2vd refuses stays there.
 */
#ifndef P2VD_FORM_H
#define P2VD_FORM_H

#include "dialog/part.h"
#include "dialog/window.h"

struct form;

/* Puts the part's fields into the window, from the line @top on. */
struct form *form_new(struct window *window, enum part part, int top);
void form_free(struct form *form);

/* The first line below the form. */
int form_height(const struct form *form);

/* To be called with what window_run() has returned. Returns true if the key was the form's. */
bool form_key(struct form *form, int key);

/* Whether other fields are to be shown now: make the form anew. */
bool form_is_stale(const struct form *form);

/* The long name of the parameter that has the focus; NULL: none. It lasts longer than the form. */
const char *form_current(const struct form *form);

/* Gives the focus to the parameter @name, if it has a field. */
void form_focus(struct form *form, const char *name);

#endif
