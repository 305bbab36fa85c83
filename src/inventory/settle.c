// SPDX-License-Identifier: GPL-2.0-or-later
/* Waiting until udev has dealt with the devices. */
#include "inventory/settle.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <systemd/sd-device.h>

#define SECOND 1000000ULL
#define LOOK (SECOND / 5) /* microseconds between two looks at the queue */
#define PATIENCE 3        /* seconds, after which a message names the devices */

struct settle {
	struct settle_events events;
	char *root;
	uint64_t began, limit, shown; /* CLOCK_BOOTTIME, microseconds */
	bool said;
	sd_event_source *timer;
};

/* The disks and cards whose rules have not ended, "sda, eno1"; "devices" if it is none of
 * these. Partitions are told by their disk. The caller frees. */
static char *unfinished(void)
{
	sd_device_enumerator *devices = NULL;
	AUTO_LIST char **names = NULL;

	if (sd_device_enumerator_new(&devices) >= 0 &&
	    sd_device_enumerator_allow_uninitialized(devices) >= 0 &&
	    sd_device_enumerator_add_match_subsystem(devices, "block", true) >= 0 &&
	    sd_device_enumerator_add_match_subsystem(devices, "net", true) >= 0) {
		sd_device *device = sd_device_enumerator_get_device_first(devices);

		for (; device; device = sd_device_enumerator_get_device_next(devices)) {
			const char *type = NULL, *name = NULL;

			sd_device_get_devtype(device, &type);
			if (sd_device_get_is_initialized(device) == 0 &&
			    (!type || strcmp(type, "partition") != 0) &&
			    sd_device_get_sysname(device, &name) >= 0)
				list_append(&names, text_copy(name));
		}
	}
	sd_device_enumerator_unref(devices);
	return names ? list_join(names, ", ") : text_copy("devices");
}

static void show(struct settle *settle, uint64_t now)
{
	AUTO_FREE char *text = unfinished();
	AUTO_FREE char *line = NULL;

	settle->shown = now;
	line = text_format("waiting for udev to deal with %s, %u s more", text,
			   (unsigned)((settle->limit - now + SECOND - 1) / SECOND));
	settle->events.waiting(settle->events.user, line);
	if (!settle->said && now - settle->began >= PATIENCE * SECOND) {
		log_notice("waiting for udev to deal with %s", text);
		settle->said = true;
	}
}

static int on_timer(sd_event_source *source, uint64_t now, void *user)
{
	struct settle *settle = user;
	bool busy = sysfs_exists(settle->root, "run/udev/queue");
	AUTO_FREE char *late = NULL;

	if (busy && now < settle->limit) {
		if (now - settle->shown >= SECOND)
			show(settle, now);
		sd_event_source_set_time(source, now + LOOK);
		return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	}
	settle->timer = sd_event_source_disable_unref(settle->timer);
	if (settle->shown)
		settle->events.waiting(settle->events.user, NULL);
	late = busy ? unfinished() : NULL;
	settle->events.done(settle->events.user, late);
	return 0;
}

struct settle *settle_start(sd_event *event, const char *root, unsigned seconds,
			    const struct settle_events *events)
{
	struct settle *settle = memory_zero(1, sizeof(*settle));
	uint64_t now = 0;

	sd_event_now(event, CLOCK_BOOTTIME, &now);
	*settle = (struct settle){
		.events = *events,
		.root = text_copy(root),
		.began = now,
		.limit = now + seconds * SECOND,
	};
	if (sd_event_add_time_relative(event, &settle->timer, CLOCK_BOOTTIME, 0, 0, on_timer,
				       settle) < 0)
		abort(); /* no memory */
	return settle;
}

void settle_free(struct settle *settle)
{
	if (!settle)
		return;
	sd_event_source_disable_unref(settle->timer);
	free(settle->root);
	free(settle);
}
