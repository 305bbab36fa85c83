// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as one of UEFI's boot options. */
#include "disks/disk_boot.h"
#include "run-files.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct disk_boot option;

	if (disk_boot_parse(&option, data, size) && !option.partition)
		abort();
	return 0;
}
