// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion: its table of states, start and end. */
#include "conversion/conversion.h"

#include "base/list.h"
#include "base/memory.h"
#include "conversion/conversion_states.h"

#include <stdlib.h>

static const struct {
	const char *name;
	void (*enter)(struct conversion *conversion);
} states[] = {
	[STATE_INVENTORY] = { "inventory", conversion_enter_inventory },
	[STATE_NETWORK] = { "network", conversion_enter_network },
	[STATE_CONNECTING] = { "connecting", conversion_enter_connecting },
	[STATE_TESTING] = { "testing", conversion_enter_testing },
	[STATE_QUEUED] = { "queued", conversion_enter_queued },
	[STATE_PREPARING] = { "preparing", conversion_enter_preparing },
	[STATE_EXPORTING] = { "exporting", conversion_enter_exporting },
	[STATE_TUNNELLING] = { "tunnelling", conversion_enter_tunnelling },
	[STATE_LAUNCHING] = { "launching", conversion_enter_launching },
	[STATE_CONVERTING] = { "converting", conversion_enter_converting },
	[STATE_FINISHING] = { "finishing", conversion_enter_finishing },
	[STATE_DONE] = { "done", conversion_enter_done },
	[STATE_FAILED] = { "failed", conversion_enter_failed },
};

static int on_step(sd_event_source *source, void *user)
{
	struct conversion *conversion = user;

	(void)source;
	if (conversion->state != conversion->next || conversion->state == STATE_INVENTORY) {
		conversion->state = conversion->next;
		conversion->events.state(conversion->events.user, conversion->state,
					 states[conversion->state].name);
	}
	states[conversion->state].enter(conversion);
	return 0;
}

struct conversion *conversion_start(sd_event *event, const struct conversion_setup *setup,
				    const struct conversion_events *events)
{
	struct conversion *conversion = memory_zero(1, sizeof(*conversion));

	*conversion = (struct conversion){
		.event = event,
		.base = setup->config,
		.test = setup->test,
		.look = setup->look,
		.live = setup->live,
		.directory = setup->directory,
		.events = *events,
		.code = EXIT_DONE,
		.try = 1,
		.log = v2v_log_new(),
	};
	if (sd_event_add_defer(event, &conversion->step, on_step, conversion) < 0)
		abort(); /* no memory */
	sd_event_now(event, CLOCK_BOOTTIME, &conversion->started);
	workdir_unique(conversion->unique);
	conversion_choosing_new(conversion);
	conversion_resume_find(conversion);
	conversion_go(conversion, STATE_INVENTORY);
	return conversion;
}

void conversion_free(struct conversion *conversion)
{
	if (!conversion)
		return;
	conversion_take_down(conversion);
	sd_event_source_disable_unref(conversion->step);
	sd_event_source_disable_unref(conversion->tick);
	sd_event_source_disable_unref(conversion->cancel_limit);
	conversion_choosing_free(conversion);
	hardware_clear(&conversion->hardware);
	server_clear(&conversion->server);
	files_clear(&conversion->files);
	files_clear(&conversion->late_files);
	job_free(conversion->job);
	queue_place_clear(&conversion->place);
	free(conversion->slot);
	free(conversion->relay_ports);
	free(conversion->relay_obstacle);
	free(conversion->failure);
	list_free(conversion->before);
	list_free(conversion->bad);
	run_record_clear(&conversion->record);
	free(conversion->health);
	free(conversion->name);
	list_free(conversion->doubts);
	v2v_log_free(conversion->log);
	free(conversion->reason);
	free(conversion);
}

void conversion_status(struct conversion *conversion, struct conversion_status *status)
{
	uint64_t now = conversion->ended;
	bool waited = conversion->waited;

	if (!now)
		sd_event_now(conversion->event, CLOCK_BOOTTIME, &now);
	*status = (struct conversion_status){
		.state = conversion->state,
		.name = states[conversion->state].name,
		.elapsed = (now - conversion->started) / 1000000,
		.outage = conversion_outage_seconds(conversion),
		.guest = conversion->name,
		.workdir = conversion->job ? job_workdir(conversion->job) : NULL,
		.step = v2v_log_step(conversion->log),
		.disks = conversion->transfer ? conversion->hardware.disks.count : 0,
		.estimate = conversion->estimate,
		.bytes = conversion->bytes,
		.try = conversion->try,
		.tries = conversion->config->retries + 1,
		.failure = conversion->failure,
		.place = &conversion->place,
		.server = conversion_server_shown(conversion),
	};
	if (conversion->state < STATE_DONE) {
		status->number = conversion->state + (conversion->state < STATE_QUEUED || waited);
		status->count = !conversion->test ? STATE_FINISHING + waited :
				conversion->look && !conversion->base->server ?
						    STATE_INVENTORY + 1 :
						    STATE_TESTING + 1;
	}
}

const struct progress *conversion_disk(const struct conversion *conversion, size_t index,
				       const char **name)
{
	*name = conversion->hardware.disks.disk[index].name;
	return transfer_disk(conversion->transfer, index);
}

const struct server *conversion_server(const struct conversion *conversion)
{
	return &conversion->server;
}

void conversion_cancel(struct conversion *conversion, const char *reason)
{
	if (conversion->cancel_limit)
		conversion_leave_server(conversion);
	else
		conversion_fail(conversion, EXIT_CONVERSION, reason);
}
