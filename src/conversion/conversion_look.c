// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A look at the machine in place of a conversion (p2v.do=inventory): it goes through the states
 * "inventory", and with a server "network", "connecting" and "testing". What would make a
 * conversion fail is no failure here but what the look has found.
 */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"
#include "inventory/outlook.h"

/* All that is to be known of the machine itself is known. */
static void go_on(struct conversion *conversion)
{
	AUTO_LIST char **doubts = outlook(&conversion->hardware, conversion->config);

	for (char **doubt = doubts; doubt && *doubt; doubt++)
		list_append(&conversion->doubts, text_copy(*doubt));
	conversion_go(conversion, conversion->base->server ? STATE_NETWORK : STATE_FINISHING);
}

static void on_maps(void *user)
{
	struct conversion *conversion = user;

	conversion_maps_done(conversion); /* tells them */
	go_on(conversion);
}

void conversion_look(struct conversion *conversion, char *const *reasons)
{
	for (char *const *reason = reasons; reason && *reason; reason++)
		conversion_doubt(conversion, *reason);
	for (size_t i = 0; i < conversion->hardware.nics.count; i++)
		nic_read_link("", &conversion->hardware.nics.nic[i]);
	if (conversion->config->copy == COPY_ALL) {
		go_on(conversion);
		return;
	}
	conversion->maps = disk_maps_start(conversion->event, &conversion->hardware.disks, NULL,
					   conversion->config->map_timeout, on_maps, conversion);
}
