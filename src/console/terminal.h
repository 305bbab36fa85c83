/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A terminal: text for it, which nobody waits for, and keys from it.
 *
 * What a terminal does not take at once (a slow serial line, one that flow
 * control or Ctrl-S has stopped) is kept, up to 64 KiB, and written when it
 * takes text again. Messages beyond that are left out, each as a whole, and
 * counted: the terminal says so then. Below the messages stands a status area
 * that is drawn over; where the output is no terminal it is written now and
 * then instead.
 */
#ifndef P2VD_TERMINAL_H
#define P2VD_TERMINAL_H

#include <systemd/sd-event.h>

struct terminal;

/*
 * @path: its device; NULL for standard error, whatever that is, from which no
 * keys come. @pressed is called for each key, after terminal_listen(). Returns
 * 0 and the terminal, or -errno.
 */
int terminal_open(sd_event *event, const char *path,
		  void (*pressed)(void *user, struct terminal *terminal, char key), void *user,
		  struct terminal **terminal);

/* Gives what is still to be written half a second. NULL is fine. */
void terminal_free(struct terminal *terminal);

const char *terminal_path(const struct terminal *terminal);

/* A line, without its end. */
void terminal_message(struct terminal *terminal, const char *line);

/* The status area's lines, NULL-terminated and kept by the caller until the
 * next call; NULL clears it. */
void terminal_status(struct terminal *terminal, char *const *lines);

void terminal_listen(struct terminal *terminal);

/*
 * Makes the terminal ready for another program, which then opens it; nothing is
 * written to it or read from it. terminal_let_go() when the other has it: the
 * last one to close a stopped serial line would have to wait. Then
 * terminal_take_back(), also after the other's session has hung it up: 0, or
 * -errno.
 */
void terminal_lend(struct terminal *terminal);
void terminal_let_go(struct terminal *terminal);
int terminal_take_back(struct terminal *terminal);

#endif
