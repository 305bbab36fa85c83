// SPDX-License-Identifier: GPL-2.0-or-later
/* What the machine has, or who has given a value. */
#include "dialog/found.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "client/field.h"

#include <inttypes.h>
#include <string.h>

static char *truth(sd_json_variant *object, const char *key)
{
	return text_format("here: %s", field_truth(object, key) ? "yes" : "no");
}

static char *machine_has(const struct mirror *mirror, const char *name)
{
	sd_json_variant *inventory = mirror->inventory;
	sd_json_variant *cpus = field_value(inventory, "processors");
	sd_json_variant *clock = field_value(inventory, "clock");
	sd_json_variant *offset = field_value(clock, "offset");

	if (!inventory)
		return NULL;
	if (!strcmp(name, "p2v.vcpu.cores"))
		return text_format("here: %" PRIu64, field_number(cpus, "online", 0));
	if (!strcmp(name, "p2v.vcpu.phys_topo"))
		return text_format("%" PRIu64 " sockets, %" PRIu64 "x%" PRIu64,
				   field_number(cpus, "sockets", 0), field_number(cpus, "cores", 0),
				   field_number(cpus, "threads", 0));
	if (!strcmp(name, "p2v.memory")) {
		AUTO_FREE char *bytes = text_bytes(field_number(inventory, "memory", 0));

		return text_format("here: %s", bytes);
	}
	if (!strcmp(name, "p2v.cpu.vendor"))
		return text_format("here: %s", field_text(cpus, "vendor") ?: "?");
	if (!strcmp(name, "p2v.cpu.model"))
		return text_copy(field_text(cpus, "model"));
	if (text_begins(name, "p2v.cpu."))
		return truth(cpus, name + strlen("p2v.cpu."));
	if (!strcmp(name, "p2v.rtc.basis"))
		return text_format("here: %s", field_text(clock, "basis") ?: "unknown");
	if (!strcmp(name, "p2v.rtc.offset") && sd_json_variant_is_integer(offset))
		return text_format("here: %+g", (double)sd_json_variant_integer(offset) / 3600.0);
	if (!strcmp(name, "p2v.guestname") && !mirror_value(mirror, name))
		return text_format("else '%s'", field_text(inventory, "name") ?: "?");
	return NULL;
}

static char *given_by(const struct mirror *mirror, const char *name)
{
	static const struct {
		const char *origin, *words;
	} origins[] = {
		{ "image", "from the image" },
		{ "file", "from p2v.config" },
		{ "cmdline", "from command line" },
		{ "client", "entered" },
	};
	const char *origin = field_text(mirror_parameter(mirror, name), "origin") ?: "";

	for (size_t i = 0; i < COUNT(origins); i++)
		if (!strcmp(origins[i].origin, origin))
			return text_copy(origins[i].words);
	return text_copy("");
}

char *found_note(const struct mirror *mirror, const char *name)
{
	return machine_has(mirror, name) ?: given_by(mirror, name);
}
