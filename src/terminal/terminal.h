/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A terminal: text is written to it without waiting, and keys are read from it.
 *
 * A terminal may be slow, or stopped by flow control or Ctrl-S. Up to 64 KiB of
 * text are kept for it and written when it accepts text again. Messages beyond
 * that are left out as a whole and counted; the terminal then shows how many are
 * missing. Below the messages is a status area that is redrawn in place. If the
 * output is not a terminal, the status is printed every 30 s instead.
 */
#ifndef P2VD_TERMINAL_H
#define P2VD_TERMINAL_H

#include <systemd/sd-event.h>

struct terminal;

/*
 * @path: the device, or NULL for standard error, which may be anything and gives
 * no keys. @pressed is called for each key, after terminal_listen(). Returns 0
 * and the terminal, or -errno.
 */
int terminal_open(sd_event *event, const char *path, void (*pressed)(void *user, char key),
		  void *user, struct terminal **terminal);

/* Waits up to half a second until all text is written. NULL is fine. */
void terminal_free(struct terminal *terminal);

const char *terminal_path(const struct terminal *terminal);

/* @line has no newline. Of a very long one the first 16 KiB are shown. */
void terminal_message(struct terminal *terminal, const char *line);

/* The status area's lines, NULL-terminated and kept by the caller until the
 * next call; NULL clears it. */
void terminal_status(struct terminal *terminal, char *const *lines);

void terminal_listen(struct terminal *terminal);

/*
 * Lends the terminal to another program:
 * - terminal_lend() makes it ready and stops our reading and writing;
 * - terminal_let_go() closes it, after the other program has opened it: the last
 *   one to close a stopped serial line would have to wait;
 * - terminal_take_back() opens it again, even if the end of the program's session
 *   has hung it up. Returns 0 or -errno.
 */
void terminal_lend(struct terminal *terminal);
void terminal_let_go(struct terminal *terminal);
int terminal_take_back(struct terminal *terminal);

#endif
