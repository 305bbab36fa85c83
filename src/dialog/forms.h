/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The forms: one screen after the other, until the program ends. */
#ifndef P2VD_FORMS_H
#define P2VD_FORMS_H

#include "dialog/dialog.h"

/* Columns and rows that the screens need at least. */
#define FORMS_COLUMNS 80
#define FORMS_ROWS 24

/* Whether a terminal of this type can show them. */
bool forms_fit(const char *type, unsigned columns, unsigned rows);

/* Returns when the program is to end, or (false) when the terminal has become too small. */
bool forms_run(struct dialog *dialog);

#endif
