// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a SCSI disk's page 83h. */
#include "disks/disk_id.h"
#include "run-files.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = disk_id_of_page(data, size);

	if (name && (strlen(name) < 4 + 16 || strlen(name) > 4 + 2 * 255))
		abort();
	if (name)
		disk_id_name_tells(name, NULL);
	free(name);
	return 0;
}
