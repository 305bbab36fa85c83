// SPDX-License-Identifier: GPL-2.0-or-later
/* The warnings of all parts of the hardware. */
#include "inventory/hardware.h"

#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

char **hardware_warnings(const struct hardware *hardware)
{
	char *const *const lists[] = { hardware->machine.warnings, hardware->disks.warnings,
				       hardware->nics.warnings };
	char **all = NULL;

	for (size_t i = 0; i < COUNT(lists); i++)
		for (char *const *warning = lists[i]; warning && *warning; warning++)
			list_append(&all, text_copy(*warning));
	return all;
}
