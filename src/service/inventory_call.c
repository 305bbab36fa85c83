// SPDX-License-Identifier: GPL-2.0-or-later
/* The method GetInventory. */
#include "service/inventory_call.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "inventory/hardware.h"
#include "inventory/settle.h"

/* A person waits. What comes later is found by the next call, which "late" asks for. */
#define SETTLE_SECONDS 30U

struct inventory_call {
	sd_event *event;
	const struct session *session;
	bool live, all;
	sd_varlink **link; /* who waits */
	size_t count;

	struct settle *settle; /* before the search: soon after the start, disks are still coming */
	char *late; /* what udev was still at when the search began; NULL: nothing */

	/* While there is a search. */
	struct hardware_search *search;
	struct hardware hardware;
	struct config config; /* of its own: the session's may change meanwhile */
	sd_event_source *over;
};

static void stop(struct inventory_call *call)
{
	if (!call->search)
		return;
	hardware_search_free(steal(call->search));
	hardware_clear(&call->hardware);
	config_clear(&call->config);
	call->over = sd_event_source_disable_unref(call->over);
}

static sd_json_variant *inventory(struct inventory_call *call, char *const *reasons)
{
	char hostname[256] = "";
	AUTO_FREE char *name = text_copy(call->config.name);

	gethostname(hostname, sizeof(hostname) - 1);
	if (!name)
		name = machine_guest_name(&call->hardware.machine, hostname);
	return hardware_object(&call->hardware, name, reasons);
}

/* The search must not be freed in its callback. */
static int on_over(sd_event_source *source, void *user)
{
	(void)source;
	stop(user);
	return 0;
}

static void on_found(void *user, int result, char *const *reasons)
{
	struct inventory_call *call = user;
	sd_json_variant *reply = NULL;

	(void)result;
	json_put(&reply, "inventory", inventory(call, reasons));
	if (call->late)
		json_put_text(&reply, "late", call->late);
	while (call->count) {
		sd_varlink *link = call->link[--call->count];

		sd_varlink_reply(link, reply);
		sd_varlink_unref(link);
	}
	sd_json_variant_unref(reply);
	if (sd_event_add_defer(call->event, &call->over, on_over, call) < 0)
		abort(); /* no memory */
}

static void search(struct inventory_call *call)
{
	session_copy_config(call->session, &call->config);
	if (call->all) {
		list_free(steal(call->config.disks));
		list_free(steal(call->config.removable));
		list_free(steal(call->config.interfaces));
	}
	call->search = hardware_search(call->event, "", &call->config, call->live, &call->hardware,
				       on_found, call);
}

static void on_settling(void *user, const char *line)
{
	(void)user, (void)line;
}

static void on_settled(void *user, const char *late)
{
	struct inventory_call *call = user;

	free(call->late);
	call->late = late ? text_copy(late) : NULL;
	search(call);
}

static void begin(struct inventory_call *call)
{
	struct settle_events events = {
		.waiting = on_settling,
		.done = on_settled,
		.user = call,
	};

	stop(call);
	settle_free(call->settle);
	call->settle = settle_start(call->event, "", SETTLE_SECONDS, &events);
}

void inventory_call_add(struct inventory_call *call, sd_varlink *link)
{
	APPEND(call->link, call->count, sd_varlink_ref(link));
	if (call->count == 1)
		begin(call);
}

void inventory_call_again(struct inventory_call *call)
{
	if (call->count)
		begin(call);
}

void inventory_call_remove(struct inventory_call *call, sd_varlink *link)
{
	for (size_t i = 0; i < call->count; i++)
		if (call->link[i] == link) {
			call->link[i] = call->link[--call->count];
			sd_varlink_unref(link);
			return;
		}
}

struct inventory_call *inventory_call_new(sd_event *event, const struct session *session, bool live,
					  bool all)
{
	struct inventory_call *call = memory_zero(1, sizeof(*call));

	call->event = event;
	call->session = session;
	call->live = live;
	call->all = all;
	return call;
}

void inventory_call_free(struct inventory_call *call)
{
	if (!call)
		return;
	stop(call);
	settle_free(call->settle);
	while (call->count)
		sd_varlink_unref(call->link[--call->count]);
	free(call->link);
	free(call->late);
	free(call);
}
