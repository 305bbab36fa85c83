/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Power off, reboot, shell: in the image alone, for elsewhere it is somebody's computer. */
#ifndef P2VD_POWER_H
#define P2VD_POWER_H

#include "dialog/window.h"

/* Whether the machine may be switched off: p2vd does nothing, or has been gone for a while. */
bool power_is_free(const struct dialog *dialog);

/* Whether a root shell may be offered: p2v.shell allows it. */
bool power_shell(const struct dialog *dialog);

/* Runs the image's p2v-shell on this terminal, and returns when it has ended. It is a root
 * shell and may ask for a password first. */
void power_run_shell(void);

/* Runs systemctl @what, "reboot" or "poweroff": its exit code, or -errno. */
int power_ask_systemd(const char *what);

/* Adds the buttons, and their keys p, r and s, where there is a machine to switch off. */
void power_buttons(struct window *window);

/* To be called with any key. @success: the guest is there, and a reboot asks first. */
void power_key(struct dialog *dialog, int key, bool success);

#endif
