/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines: what p2vd says, as it comes, and below it how far it is; and single keys. For serial
 * lines, which loggers keep, and wherever no forms are wanted. The terminal may be slow or
 * stopped, see terminal.h.
 */
#ifndef P2VD_LINES_H
#define P2VD_LINES_H

#include "dialog/dialog.h"

/* Returns true when forms are wanted: by a key, or once by themselves where @opens says so.
 * False: the program is to end, or the terminal cannot be opened. */
bool lines_run(struct dialog *dialog, bool (*opens)(const struct dialog *dialog));

#endif
