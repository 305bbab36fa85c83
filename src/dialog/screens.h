/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The screens. Each has a file of its own, draws itself, and returns the screen that a person
 * wants next.
 */
#ifndef P2VD_SCREENS_H
#define P2VD_SCREENS_H

#include "dialog/dialog.h"
#include "dialog/part.h"

enum screen hub_screen(struct dialog *dialog);
enum screen server_screen(struct dialog *dialog);
enum screen network_screen(struct dialog *dialog);
enum screen disks_screen(struct dialog *dialog);
enum screen cards_screen(struct dialog *dialog);
enum screen keyboard_screen(struct dialog *dialog);
enum screen review_screen(struct dialog *dialog);
enum screen running_screen(struct dialog *dialog);
enum screen end_screen(struct dialog *dialog);

/* The parts that have nothing but fields. */
enum screen fields_screen(struct dialog *dialog, enum part part);

/* Over another screen: keys, the parameter @name (NULL: none), versions. */
void help_screen(struct dialog *dialog, const char *name);

/* Over another screen: tests the server, and shows what it has answered. */
void test_screen(struct dialog *dialog);

/* Over another screen: takes a private key from a file on a FAT stick. */
void stick_screen(struct dialog *dialog);

/* Over another screen: @lines, with scrolling. */
void sheet_screen(struct dialog *dialog, const char *title, char *const *lines);

/* Over another screen: all that p2vd has said. */
void log_screen(struct dialog *dialog);

#endif
