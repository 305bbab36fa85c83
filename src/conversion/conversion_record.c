// SPDX-License-Identifier: GPL-2.0-or-later
/* What a conversion leaves in the runtime directory, for a p2vd that is started again. */
#include "base/list.h"
#include "base/text.h"
#include "conversion/conversion_states.h"

static void make_record(struct conversion *conversion)
{
	conversion->record = (struct run_record){
		.config = run_record_config(conversion->base),
		.server = text_copy(conversion_server_name(conversion)),
		.disks = run_record_disks(&conversion->hardware.disks),
		.unique = text_copy(conversion->unique),
		.workdir = text_copy(job_workdir(conversion->job)),
		.guest = text_copy(conversion->name),
		.version = text_copy(conversion->server.version),
		.sockets = conversion->sockets,
		.started = conversion->started,
		.try = conversion->try,
		.failure = text_copy(conversion->failure),
		.before = list_copy(conversion->before ?: conversion->server.files),
		.boot = text_copy(conversion->server.boot),
	};
}

void conversion_record(struct conversion *conversion)
{
	struct run_record *record = &conversion->record;
	uint64_t told = job_offset(conversion->job);
	bool known = record->config;

	/* Without the relay virt-v2v has lost its disks when p2vd is gone. */
	if (!conversion->relay || (known && told <= record->told))
		return;
	if (!known)
		make_record(conversion);
	record->told = told;
	run_record_write(record, conversion->directory);
}
