// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine with the disks and cards that the guest gets. */
#include "inventory/hardware.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "inventory/inventory.h"

#include <errno.h>
#include <string.h>

int hardware_read(struct hardware *hardware, const char *root, const struct config *config,
		  char ***reasons)
{
	char *reason = NULL;
	int result = 0;

	machine_read(root, &hardware->machine);
	if (disks_find(root, config->disks, config->removable, &hardware->disks, &reason) < 0) {
		list_append(reasons, reason);
		result = config->disks || config->removable ? -EINVAL : -ENODEV;
	}
	if (nics_find(root, config->interfaces, config->network_map, &hardware->nics, &reason) <
	    0) {
		list_append(reasons, reason);
		if (!result)
			result = config->interfaces || config->network_map ? -EINVAL : -ENODEV;
	}
	return result;
}

void hardware_clear(struct hardware *hardware)
{
	nics_clear(&hardware->nics);
	disks_clear(&hardware->disks);
	machine_clear(&hardware->machine);
}

int hardware_print(const char *root, const struct config *config, const char *hostname,
		   const char *format, FILE *file)
{
	AUTO_LIST char **reasons = NULL;
	AUTO_FREE char *name = NULL, *json = NULL;
	struct hardware hardware;
	struct inventory inventory;
	int result;

	if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
		return -ENOTSUP;
	result = hardware_read(&hardware, root, config, &reasons);
	name = config->name ? text_copy(config->name) :
			      machine_guest_name(&hardware.machine, hostname);
	inventory = (struct inventory){ name, &hardware, reasons };
	if (!strcmp(format, "text")) {
		inventory_print(&inventory, file);
	} else {
		json = inventory_json(&inventory);
		fputs(json, file);
	}
	hardware_clear(&hardware);
	return result;
}
