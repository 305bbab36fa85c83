// SPDX-License-Identifier: GPL-2.0-or-later
/* What a look at the machine (conversion_look.c) has found, for people and for p2v.report. */
#include "base/cleanup.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/conversion_states.h"
#include "inventory/outlook.h"

void conversion_say_found(const struct conversion *conversion)
{
	AUTO_FREE char *size = NULL, *used = NULL;
	uint64_t bytes, used_bytes;

	outlook_bytes(&conversion->hardware.disks, &bytes, &used_bytes);
	size = text_bytes(bytes);
	used = text_bytes(used_bytes);
	for (char *const *doubt = conversion->doubts; doubt && *doubt; doubt++)
		log_warning("a conversion %s", *doubt);
	log_notice("the machine was looked through: %s of %s are to be copied; nothing was converted, and nothing was changed%s",
		   used, size,
		   conversion->doubts ?
			   "" :
			   "; nothing that is known now speaks against the conversion");
}

sd_json_variant *conversion_found(const struct conversion *conversion)
{
	AUTO_FREE char *name = NULL;
	sd_json_variant *object, *server = NULL;
	uint64_t size, used;

	if (!conversion->look || conversion->state != STATE_DONE)
		return NULL;
	name = text_copy(conversion->name) ?: conversion_guest_name(conversion);
	object = hardware_object(&conversion->hardware, name, conversion->doubts);
	outlook_bytes(&conversion->hardware.disks, &size, &used);
	json_put_number(&object, "size", size);
	json_put_number(&object, "used", used);
	if (conversion->base->server) {
		json_put_text(&server, "name", conversion->config->server);
		json_put_truth(&server, "passed", !conversion->doubted);
		json_put(&object, "server", server);
	}
	return object;
}
