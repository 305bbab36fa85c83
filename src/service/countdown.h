/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A countdown: seconds that a person has to keep something from beginning by itself. */
#ifndef P2VD_COUNTDOWN_H
#define P2VD_COUNTDOWN_H

#include <systemd/sd-event.h>

struct countdown;

/* Calls @second every second with what is left, from @seconds to 1, and at last @over. Both come
 * from the event loop, and may free the countdown. */
struct countdown *countdown_start(sd_event *event, unsigned seconds,
				  void (*second)(void *user, unsigned left),
				  void (*over)(void *user), void *user);

/* NULL is fine. */
void countdown_free(struct countdown *countdown);

#endif
