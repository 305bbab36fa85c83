/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts that there are at this terminal: the last one, the keyboard, is here only where the
 * terminal has the machine's own. */
#ifndef P2VD_HERE_H
#define P2VD_HERE_H

#include "dialog/dialog.h"
#include "dialog/part_state.h"

/* How many there are. */
unsigned here_parts(const struct dialog *dialog);

/* As part_state(). */
struct part_state here_state(const struct dialog *dialog, enum part part);

#endif
