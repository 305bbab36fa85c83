/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An answer that a person types: a line. */
#ifndef P2VD_ANSWER_H
#define P2VD_ANSWER_H

#include "dialog/dialog.h"

/*
 * Prints "@prompt [@otherwise]: " and waits for a line, while the event loop goes on. @hidden:
 * what is typed does not show. Returns the line, @otherwise for an empty one, which the caller
 * frees with secret_free(); or NULL: the program is to end, a conversion has
 * begun or ended, or there is room for forms.
 */
char *answer_get(struct dialog *dialog, const char *prompt, const char *otherwise, bool hidden);

/* Makes the terminal show what is typed and give it line by line: a program that was killed may
 * have left it otherwise. */
void answer_begin(void);

/* Whether there is room for forms now, and only that was missing. */
bool answer_has_room(const struct dialog *dialog);

/* A line that has been typed already, or NULL; waits for an event for @seconds at most. */
char *answer_poll(struct dialog *dialog, unsigned seconds);

/* Whether the answer to @question is yes. */
bool answer_yes(struct dialog *dialog, const char *question, bool otherwise);

#endif
