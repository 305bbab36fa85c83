// SPDX-License-Identifier: GPL-2.0-or-later
/* What `p2vd --inventory` does: reads the machine and prints it. */
#include "inventory/hardware.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "inventory/inventory.h"

#include <errno.h>
#include <string.h>

/* Takes over what @reason says of an error @r. */
static void note(char ***troubles, int r, char *reason)
{
	if (r < 0)
		list_append(troubles, reason);
}

static void print(const struct inventory *inventory, const char *format, FILE *file)
{
	AUTO_FREE char *json = NULL;

	if (!strcmp(format, "text")) {
		inventory_print(inventory, file);
		return;
	}
	json = inventory_json(inventory);
	fputs(json, file);
}

int hardware_print(const char *root, const struct config *config, const char *hostname,
		   const char *format, FILE *file)
{
	AUTO_LIST char **troubles = NULL;
	AUTO_FREE char *name = NULL;
	char *reason = NULL;
	struct machine machine;
	struct disks disks;
	struct nics nics;
	int no_disks, no_nics;

	if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
		return -ENOTSUP;
	machine_read(root, &machine);
	no_disks = disks_find(root, config->disks, config->removable, &disks, &reason);
	note(&troubles, no_disks, reason);
	no_nics = nics_find(root, config->interfaces, config->network_map, &nics, &reason);
	note(&troubles, no_nics, reason);
	name = config->name ? text_copy(config->name) : machine_guest_name(&machine, hostname);
	print(&(struct inventory){ name, &machine, &disks, &nics, troubles }, format, file);
	nics_clear(&nics);
	disks_clear(&disks);
	machine_clear(&machine);
	return no_disks < 0 ? no_disks : no_nics;
}
