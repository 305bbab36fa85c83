/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reading of what is on the disks: each by a process of its own, many at a time, for a
 * limited time. A disk that is dying does not stop the others, and nothing else.
 */
#ifndef P2VD_READING_H
#define P2VD_READING_H

#include "disks/device.h"

#include <systemd/sd-event.h>

struct reading;

/*
 * Sets the "content" of all of @some, or "unread" where there was none to be had within a
 * minute. Calls done() from the event loop, once; done() must not free the reading. The
 * devices must live as long. @ask_use: see content.h.
 */
struct reading *reading_start(sd_event *event, const char *root, const struct devices *some,
			      bool ask_use, void (*done)(void *user), void *user);

/* No callback comes any more. NULL is fine. */
void reading_free(struct reading *reading);

/* A sentence on a device that does not answer; NULL where it does. The caller frees. */
char *reading_trouble(const struct device *device);

#endif
