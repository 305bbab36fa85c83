/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console: what people in front of the machine see, on VGA and on serial
 * lines at once, and the keys they press.
 *
 * In the image the console is all the kernel's active consoles
 * (/sys/class/tty/console/active); elsewhere it is standard error, without keys.
 * A terminal that is slow or stopped delays neither the daemon nor the other
 * terminals (terminal.h).
 */
#ifndef P2VD_CONSOLE_H
#define P2VD_CONSOLE_H

#include <stdbool.h>
#include <systemd/sd-event.h>

struct console;

struct console *console_new(sd_event *event, bool appliance);
void console_free(struct console *console);

/* A log_sink_t; @user is the console. */
void console_message(void *user, int priority, const char *line);

/* The status area's lines, NULL-terminated; NULL clears it. */
void console_status(struct console *console, char *const *lines);

/* Shows @offer, which tells what the keys do, and from then on calls @pressed for
 * each key on any console. @offer must stay valid: it is shown again after a shell. */
void console_offer(struct console *console, const char *offer,
		   void (*pressed)(void *user, char key), void *user);

/* Runs p2v-console, the forms, on the console where the last key was pressed; or on all of
 * them, or on those that are no serial lines. Until it ends, messages and the status area are
 * not shown there: the forms have them from the daemon's interface. */
void console_forms(struct console *console);
void console_forms_everywhere(struct console *console, bool serial);

/* Runs the image's p2v-shell on the console where the last key was pressed. It is
 * a root shell and may ask for a password first. */
void console_shell(struct console *console);

#endif
