/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keyboard of the kernel's own screens: has them use the layout that p2v.keymap says, by
 * loadkeys(1). A terminal at the end of a line has its own.
 */
#ifndef P2VD_KEYBOARD_H
#define P2VD_KEYBOARD_H

#include "dialog/mirror.h"

struct keyboard;

/* Watches @mirror, and loads the layout whenever it is another one. Returns NULL where the
 * terminal @tty is none of the kernel's screens, see tty_is_screen(). */
struct keyboard *keyboard_new(sd_event *event, struct mirror *mirror, const char *tty);
void keyboard_free(struct keyboard *keyboard);

/* Why the layout could not be loaded, a sentence that belongs to @keyboard; NULL: it could. */
const char *keyboard_trouble(const struct keyboard *keyboard);

/* The layouts that the system @root ("" is this one) has, a sorted list; NULL: none. The caller
 * frees with list_free(). */
char **keyboard_layouts(const char *root);

#endif
