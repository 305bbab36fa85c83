// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2v.report tells: the status that clients see, the machine and the server. */
#include "service/report_json.h"

#include "base/json.h"
#include "machine/machine.h"
#include "service/status_json.h"

#include <ctype.h>

static sd_json_variant *machine_json(void)
{
	struct machine machine;
	sd_json_variant *object = NULL;

	machine_read("", &machine);
	for (char *at = machine.uuid; at && *at; at++)
		*at = (char)tolower((unsigned char)*at);
	json_put_text(&object, "mac", machine.mac);
	json_put_text(&object, "uuid", machine.uuid);
	json_put_text(&object, "vendor", machine.vendor);
	json_put_text(&object, "model", machine.product);
	json_put_text(&object, "serial", machine.serial);
	json_put_number(&object, "memory", machine.memory);
	machine_clear(&machine);
	return object;
}

sd_json_variant *report_json(const struct session *session)
{
	struct conversion *conversion = session_conversion(session);
	const struct server *server = conversion ? conversion_server(conversion) : NULL;
	sd_json_variant *object = NULL;

	json_put(&object, "machine", machine_json());
	json_put(&object, "status", status_json(session));
	if (server && server->version)
		json_put(&object, "conversionServer", server_json(server, NULL, NULL));
	if (conversion)
		json_put(&object, "inventory", conversion_found(conversion));
	return object;
}
