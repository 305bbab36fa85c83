// SPDX-License-Identifier: GPL-2.0-or-later
/* What a conversion has in a server's queue: a place or a slot. */
#include "base/cleanup.h"
#include "conversion/conversion_states.h"
#include "inventory/machine_identity.h"

bool conversion_only_queued(const struct conversion *conversion)
{
	return conversion->queued && !conversion->v2v_launched && !conversion->relay_started &&
	       !conversion->making && !conversion->uncleared;
}

struct queue_call conversion_queue_call(const struct conversion *conversion, const char *identity)
{
	return (struct queue_call){
		.unique = conversion->unique,
		.guest = conversion->name,
		.identity = identity,
		.own = conversion->own,
		.slots = conversion->config->slots,
		.map_timeout = conversion->config->map_timeout,
	};
}

void conversion_forget_place(struct conversion *conversion)
{
	if (!conversion->place.place)
		return;
	queue_place_clear(&conversion->place);
	conversion->events.waiting(conversion->events.user, NULL);
}

static void on_nothing(void *user)
{
	(void)user;
}

void conversion_give_back(struct conversion *conversion, struct ssh *ssh, void (*done)(void *user))
{
	AUTO_FREE char *identity = machine_identity(&conversion->hardware);
	struct queue_call call = conversion_queue_call(conversion, identity);

	queue_free(steal(conversion->queue));
	conversion_forget_place(conversion);
	queue_leave(ssh, &call, done ?: on_nothing, conversion);
}
