// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A conversion that goes on although p2vd was killed: virt-v2v waits at the relay, and the p2vd
 * that is started again finds in the runtime directory (run_record.h) what it has to know to
 * serve the same disks by the same names.
 */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"

#include <string.h>

/* Each p2vd's tunnels have numbers of their own: the sockets of the one before may still be
 * there. */
#define TUNNELS 1000000

/* Not this one: as if it were not there. What runs on the server is ended by the test of it. */
static void begin_anew(struct conversion *conversion, const char *why)
{
	log_warning("p2vd was ended while '%s' was converted, and begins anew: %s",
		    conversion->record.guest, why);
	snprintf(conversion->own, sizeof(conversion->own), "%s", conversion->record.unique);
	run_record_clear(&conversion->record);
	run_record_remove(conversion->directory);
	conversion->resuming = false;
}

void conversion_resume_find(struct conversion *conversion)
{
	struct run_record *record = &conversion->record;
	AUTO_FREE char *config = NULL;

	if (conversion->test || !run_record_read(record, conversion->directory))
		return;
	config = run_record_config(conversion->base);
	conversion->resuming = true;
	if (strcmp(config, record->config) != 0)
		begin_anew(conversion, "the parameters are not the same");
	else
		conversion_server_was(conversion, record->server);
	if (conversion->resuming)
		log_notice("p2vd was ended while '%s' was converted: going on with that, if it still runs on the server",
			   record->guest);
}

/* Each test of a server forgets it. */
static void remember_server(struct conversion *conversion)
{
	free(conversion->server.version);
	free(conversion->server.boot);
	conversion->server.version = text_copy(conversion->record.version);
	conversion->server.boot = text_copy(conversion->record.boot);
}

static void take_over(struct conversion *conversion)
{
	struct run_record *record = &conversion->record;

	conversion->name = text_copy(record->guest);
	snprintf(conversion->unique, sizeof(conversion->unique), "%s", record->unique);
	conversion->started = record->started;
	conversion->sockets = record->sockets;
	conversion->try = (unsigned)record->try;
	conversion->failure = text_copy(record->failure);
	conversion->before = list_copy(record->before);
	remember_server(conversion);
	conversion->relay = conversion->relay_started = conversion->v2v_launched = true;
	record->tunnels += TUNNELS;
	v2v_log_skip(conversion->log, record->told);
	conversion->job = conversion_new_job(conversion, record->workdir);
	run_record_write(record, conversion->directory);
}

bool conversion_resume_fits(struct conversion *conversion)
{
	AUTO_FREE char *disks = run_record_disks(&conversion->hardware.disks);

	if (strcmp(disks, conversion->record.disks) != 0) {
		begin_anew(conversion, "the disks are not the same");
		return false;
	}
	if (!conversion->job)
		take_over(conversion);
	return true;
}

void conversion_resume(struct conversion *conversion)
{
	remember_server(conversion);
	conversion_make_login(conversion);
	conversion_go(conversion, STATE_EXPORTING);
}
