/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Power off, reboot, shell: in the image alone, for elsewhere it is somebody's computer. */
#ifndef P2VD_POWER_H
#define P2VD_POWER_H

#include "dialog/window.h"

/* Whether this is the image. */
bool power_exists(void);

/* Adds the buttons, and their keys p, r and s. */
void power_buttons(struct window *window);

/* To be called with such a key. @success: the guest is there, and a reboot asks first. */
void power_key(struct dialog *dialog, int key, bool success);

#endif
