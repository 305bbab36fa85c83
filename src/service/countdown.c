// SPDX-License-Identifier: GPL-2.0-or-later
/* A countdown. */
#include "service/countdown.h"

#include "base/memory.h"

#include <stdlib.h>

#define SECOND 1000000ULL /* microseconds */

struct countdown {
	sd_event_source *timer;
	unsigned left;
	void (*second)(void *user, unsigned left);
	void (*over)(void *user);
	void *user;
};

static int on_timer(sd_event_source *source, uint64_t now, void *user)
{
	struct countdown *countdown = user;

	if (!countdown->left) {
		countdown->over(countdown->user);
		return 0;
	}
	sd_event_source_set_time(source, now + SECOND);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	countdown->second(countdown->user, countdown->left--);
	return 0;
}

struct countdown *countdown_start(sd_event *event, unsigned seconds,
				  void (*second)(void *user, unsigned left),
				  void (*over)(void *user), void *user)
{
	struct countdown *countdown = memory_zero(1, sizeof(*countdown));

	*countdown = (struct countdown){
		.left = seconds,
		.second = second,
		.over = over,
		.user = user,
	};
	if (sd_event_add_time_relative(event, &countdown->timer, CLOCK_BOOTTIME, 0, 0, on_timer,
				       countdown) < 0)
		abort(); /* no memory */
	return countdown;
}

void countdown_free(struct countdown *countdown)
{
	if (!countdown)
		return;
	sd_event_source_disable_unref(countdown->timer);
	free(countdown);
}
