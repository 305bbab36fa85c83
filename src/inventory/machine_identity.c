// SPDX-License-Identifier: GPL-2.0-or-later
/* By what a machine knows its own conversion again. */
#include "inventory/machine_identity.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool add(char ***lines, const char *what, const char *value)
{
	if (!value || !*value)
		return false;
	list_append(lines, text_format("%s %s", what, value));
	return true;
}

static int compare(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

char *machine_identity(const struct hardware *hardware)
{
	AUTO_LIST char **lines = NULL;
	bool known = hardware->nics.count && hardware->disks.count;

	known = known && add(&lines, "uuid", hardware->machine.uuid);
	for (size_t i = 0; known && i < hardware->nics.count; i++)
		known = add(&lines, "mac", hardware->nics.nic[i].mac);
	for (size_t i = 0; known && i < hardware->disks.count; i++)
		known = add(&lines, "serial", hardware->disks.disk[i].serial);
	if (!known)
		return NULL;
	qsort(lines, list_length(lines), sizeof(*lines), compare);
	return list_join(lines, "\n");
}
