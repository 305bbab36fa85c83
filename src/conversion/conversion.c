// SPDX-License-Identifier: GPL-2.0-or-later
/* A conversion: its table of states, start and end. */
#include "conversion/conversion.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "conversion/conversion_states.h"

static const char *const names[] = {
	[STATE_INVENTORY] = "inventory",   [STATE_NETWORK] = "network",
	[STATE_CONNECTING] = "connecting", [STATE_TESTING] = "testing",
	[STATE_EXPORTING] = "exporting",   [STATE_TUNNELLING] = "tunnelling",
	[STATE_PREPARING] = "preparing",   [STATE_CONVERTING] = "converting",
	[STATE_FINISHING] = "finishing",   [STATE_DONE] = "done",
	[STATE_FAILED] = "failed",
};

static void (*const enter[])(struct conversion *conversion) = {
	[STATE_INVENTORY] = conversion_enter_inventory,
	[STATE_NETWORK] = conversion_enter_network,
	[STATE_CONNECTING] = conversion_enter_connecting,
	[STATE_TESTING] = conversion_enter_testing,
	[STATE_EXPORTING] = conversion_enter_exporting,
	[STATE_TUNNELLING] = conversion_enter_tunnelling,
	[STATE_PREPARING] = conversion_enter_preparing,
	[STATE_CONVERTING] = conversion_enter_converting,
	[STATE_FINISHING] = conversion_enter_finishing,
	[STATE_DONE] = conversion_enter_done,
	[STATE_FAILED] = conversion_enter_failed,
};

static int on_step(sd_event_source *source, void *user)
{
	struct conversion *conversion = user;

	(void)source;
	conversion->state = conversion->next;
	conversion->events.state(conversion->events.user, conversion->state,
				 names[conversion->state]);
	enter[conversion->state](conversion);
	return 0;
}

struct conversion *conversion_new(sd_event *event, const struct config *config,
				  struct console *console, const char *directory,
				  const struct conversion_events *events)
{
	struct conversion *conversion = memory_zero(1, sizeof(*conversion));

	*conversion = (struct conversion){
		.event = event,
		.config = config,
		.console = console,
		.directory = directory,
		.events = *events,
		.code = EXIT_DONE,
		.run.log = v2v_log_new(),
	};
	if (sd_event_add_defer(event, &conversion->step, on_step, conversion) < 0 ||
	    sd_event_add_time_relative(event, &conversion->cancel_limit, CLOCK_BOOTTIME,
				       CONVERSION_CANCEL, 0, conversion_on_cancel_limit,
				       conversion) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(conversion->step, SD_EVENT_OFF);
	sd_event_source_set_enabled(conversion->cancel_limit, SD_EVENT_OFF);
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
	credentials_free(conversion->access.credentials);
	hardware_clear(&conversion->hardware);
	server_clear(&conversion->run.server);
	files_clear(&conversion->files);
	job_free(conversion->run.job);
	free(conversion->name);
	v2v_log_free(conversion->run.log);
	free(conversion->reason);
	free(conversion);
}

void conversion_start(struct conversion *conversion)
{
	conversion_go(conversion, STATE_INVENTORY);
}

void conversion_cancel(struct conversion *conversion, const char *reason)
{
	conversion_fail(conversion, EXIT_CONVERSION, reason);
}
