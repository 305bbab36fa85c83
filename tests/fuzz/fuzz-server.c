// SPDX-License-Identifier: GPL-2.0-or-later
/* The probe's answer and virt-v2v's log come from a server that anybody may run. */
#include "base/cleanup.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "run-files.h"
#include "server/requirements.h"
#include "server/v2v_failure.h"

static void silent(void *user, int priority, const char *line)
{
	(void)user;
	(void)priority;
	(void)line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = { "local", "libvirt", "rhv-upload" };
	AUTO_FREE char *log = text_copy_length((const char *)data, size);
	struct server server;
	bool again;

	log_set_sink(silent, NULL);
	server_parse(&server, (const char *)data, size);
	for (size_t i = 0; i < COUNT(types); i++) {
		struct config config = {
			.output_type = (char *)types[i],
			.output_storage = (char *)"/var/tmp",
			.output_allocation = i ? ALLOCATION_SPARSE : ALLOCATION_PREALLOCATED,
			.sudo = i == 2,
		};
		AUTO_FREE char *reason = requirements_unmet(&server, &config, UINT64_C(1) << 33);

		(void)reason;
	}
	server_clear(&server);
	(void)v2v_failure_explain(log, 1, &again);
	return 0;
}
