// SPDX-License-Identifier: GPL-2.0-or-later
/* Clients that watch what p2vd does. */
#include "service/watchers.h"

#include "base/json.h"
#include "base/memory.h"
#include "service/status_json.h"

#include <poll.h>
#include <stdlib.h>

#define KEPT 500 /* messages, for a client that comes later */
#define AGAIN_MICROSECONDS 1000000ULL /* until a client that was behind is looked at again */

struct watchers {
	const struct session *session;
	sd_event_source *flush, *again;
	sd_varlink **link;
	size_t count;
	sd_json_variant *kept[KEPT]; /* a ring */
	size_t written;       /* to the ring, ever */
	sd_json_variant *pending;    /* messages that are not sent yet; NULL: none */
	bool status_pending;
};

static void drop(struct watchers *watchers, size_t index)
{
	sd_varlink *link = watchers->link[index];

	watchers->link[index] = watchers->link[--watchers->count];
	sd_varlink_unref(link);
}

void watchers_remove(struct watchers *watchers, sd_varlink *link)
{
	for (size_t i = 0; i < watchers->count; i++)
		if (watchers->link[i] == link) {
			drop(watchers, i);
			return;
		}
}

/* Whether what was sent to it before has not been read yet. */
static bool is_behind(sd_varlink *link)
{
	int events = sd_varlink_get_events(link);

	return events > 0 && events & POLLOUT;
}

/* An answer with all that is pending. */
static sd_json_variant *answer(struct watchers *watchers)
{
	sd_json_variant *object = NULL;

	if (watchers->status_pending)
		json_put(&object, "status", status_json(watchers->session));
	json_put(&object, "messages", watchers->pending ?: json_array());
	watchers->pending = NULL;
	watchers->status_pending = false;
	return object;
}

/* A client that does not read gets no more states until it does, and is closed when its
 * messages fill sd-varlink's buffer. */
static int on_flush(sd_event_source *source, void *user)
{
	struct watchers *watchers = user;
	bool only_status = !watchers->pending;
	bool skipped = false;
	sd_json_variant *object = answer(watchers);
	size_t i = watchers->count;

	(void)source;
	while (i--) {
		sd_varlink *link = watchers->link[i];

		if (only_status && is_behind(link)) {
			skipped = true;
			continue;
		}
		if (sd_varlink_notify(link, object) >= 0)
			continue;
		drop(watchers, i);
		sd_varlink_close(link);
	}
	sd_json_variant_unref(object);
	if (skipped) {
		sd_event_source_set_time_relative(watchers->again, AGAIN_MICROSECONDS);
		sd_event_source_set_enabled(watchers->again, SD_EVENT_ONESHOT);
	}
	return 0;
}

/* A client that was behind has to learn of the last change, too. */
static int on_again(sd_event_source *source, uint64_t now, void *user)
{
	(void)source, (void)now;
	watchers_status(user);
	return 0;
}

static void wake(struct watchers *watchers)
{
	sd_event_source_set_enabled(watchers->flush, SD_EVENT_ONESHOT);
}

void watchers_message(struct watchers *watchers, sd_json_variant *message)
{
	sd_json_variant **slot = &watchers->kept[watchers->written++ % KEPT];

	sd_json_variant_unref(*slot);
	*slot = message;
	if (!watchers->count)
		return;
	if (!watchers->pending)
		watchers->pending = json_array();
	json_append(&watchers->pending, sd_json_variant_ref(message));
	wake(watchers);
}

void watchers_status(struct watchers *watchers)
{
	if (!watchers->count)
		return;
	watchers->status_pending = true;
	wake(watchers);
}

int watchers_add(struct watchers *watchers, sd_varlink *link)
{
	sd_json_variant *object = NULL, *messages = json_array();
	size_t first = watchers->written > KEPT ? watchers->written - KEPT : 0;
	int r;

	for (size_t i = first; i < watchers->written; i++)
		json_append(&messages, sd_json_variant_ref(watchers->kept[i % KEPT]));
	json_put(&object, "status", status_json(watchers->session));
	json_put(&object, "messages", messages);
	r = sd_varlink_notify(link, object);
	sd_json_variant_unref(object);
	if (r >= 0)
		APPEND(watchers->link, watchers->count, sd_varlink_ref(link));
	return r;
}

struct watchers *watchers_new(sd_event *event, const struct session *session)
{
	struct watchers *watchers = memory_zero(1, sizeof(*watchers));

	watchers->session = session;
	if (sd_event_add_defer(event, &watchers->flush, on_flush, watchers) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(watchers->flush, SD_EVENT_OFF);
	if (sd_event_add_time_relative(event, &watchers->again, CLOCK_BOOTTIME, 0, 0, on_again,
				       watchers) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(watchers->again, SD_EVENT_OFF);
	return watchers;
}

void watchers_free(struct watchers *watchers)
{
	if (!watchers)
		return;
	while (watchers->count)
		drop(watchers, watchers->count - 1);
	for (size_t i = 0; i < KEPT; i++)
		sd_json_variant_unref(watchers->kept[i]);
	sd_json_variant_unref(watchers->pending);
	sd_event_source_disable_unref(watchers->flush);
	sd_event_source_disable_unref(watchers->again);
	free(watchers->link);
	free(watchers);
}
