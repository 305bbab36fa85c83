// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion's state "queued": until the server has a slot for it. Nothing of the disks is offered
 * meanwhile. */
#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"
#include "inventory/machine_identity.h"

static void on_waits(void *user, const struct queue_place *place)
{
	struct conversion *conversion = user;
	AUTO_FREE char *line = queue_place_text(place);
	struct queue_place *before = &conversion->place;
	bool news = before->place != place->place || before->slots != place->slots ||
		    before->running != place->running;

	if (conversion->state != STATE_QUEUED || conversion_over(conversion))
		return;
	if (news)
		log_notice("%s", line);
	queue_place_clear(before);
	*before = *place;
	before->guests = text_copy(place->guests);
	conversion->events.waiting(conversion->events.user, line);
}

static void take_slot(struct conversion *conversion, const char *slot, const char *reason)
{
	conversion_forget_place(conversion);
	free(conversion->slot);
	conversion->slot = text_copy(slot);
	if (slot)
		log_info("slot %s of the server is this machine's", slot);
	else
		log_warning("the server can have no queue: %s; however many conversions run there, this one begins now",
			    reason);
	conversion_go(conversion, STATE_PREPARING);
}

static void on_granted(void *user, const char *slot, const char *reason)
{
	struct conversion *conversion = user;

	if (conversion->state == STATE_QUEUED && !conversion_over(conversion))
		take_slot(conversion, slot, reason);
}

void conversion_queue(struct conversion *conversion)
{
	for (char *const *line = conversion->server.queue; line && *line; line++) {
		struct queue_place place;
		const char *rest;
		enum queue_answer answer = queue_read(*line, &place, &rest);

		queue_place_clear(&place);
		if (answer == QUEUE_WARNING)
			log_warning("%s", rest);
		if (answer != QUEUE_GRANTED && answer != QUEUE_NONE)
			continue;
		take_slot(conversion, answer == QUEUE_GRANTED ? rest : NULL, rest);
		return;
	}
	conversion_go(conversion, STATE_QUEUED);
}

void conversion_enter_queued(struct conversion *conversion)
{
	AUTO_FREE char *identity = machine_identity(&conversion->hardware);
	struct queue_call call = conversion_queue_call(conversion, identity);
	struct queue_events events = {
		.waits = on_waits,
		.granted = on_granted,
		.user = conversion,
	};

	queue_free(conversion->queue);
	conversion->queue = queue_new(conversion->event, &call, &events);
	conversion->queued = conversion->waited = true;
	queue_join(conversion->queue, connection_ssh(conversion->connection));
	conversion_look_at_others(conversion);
}

static void on_left(void *user)
{
	conversion_server_done(user);
}

void conversion_leave_queue(struct conversion *conversion)
{
	conversion_give_back(conversion, connection_ssh(conversion->connection), on_left);
}
