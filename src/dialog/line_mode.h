/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Line mode: the questions of the forms as question, default and answer, for terminals that
 * can show no forms, for screen readers and for expect(1).
 */
#ifndef P2VD_LINE_MODE_H
#define P2VD_LINE_MODE_H

#include "dialog/dialog.h"

/* Returns when the person wants to leave it or the program is to end, or (true) when there is room
 * for forms again. */
bool line_mode_run(struct dialog *dialog);

#endif
