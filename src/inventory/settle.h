/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waits until udev has dealt with the devices that the kernel has found. A device whose rules
 * still run may not have its names, and more devices may come behind it.
 */
#ifndef P2VD_SETTLE_H
#define P2VD_SETTLE_H

#include <systemd/sd-event.h>

struct settle;

struct settle_events {
	/* Called every second: a line for people on what udev is still at; NULL: it is over. */
	void (*waiting)(void *user, const char *line);
	/*
	 * The queue is empty, and @late is NULL; or @seconds have passed, and @late names the
	 * disks and network cards that udev is still at, "sda, eno1", or says "devices".
	 */
	void (*done)(void *user, const char *late);
	void *user;
};

/* @root: "" for the running system; udev's queue is the file ROOT/run/udev/queue, which exists
 * as long as there are events (libudev's udev_queue_get_queue_is_empty(3) looks at it, too).
 * Devices are always those of the running system. Both events come from the event loop. */
struct settle *settle_start(sd_event *event, const char *root, unsigned seconds,
			    const struct settle_events *events);

/* NULL is fine. */
void settle_free(struct settle *settle);

#endif
