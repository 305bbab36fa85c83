// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as one of UEFI's boot options. */
#include "disks/boot_option.h"
#include "run-files.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct boot_option option;

	if (boot_option_parse(&option, data, size) && !option.partition)
		abort();
	return 0;
}
