// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as the firmware's DMI table. */
#include "machine/dmi.h"
#include "run-files.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t memory = 0;
	struct dmi dmi;

	dmi_parse(&dmi, data, size);
	for (size_t i = 0; i < dmi.count; i++)
		memory += dmi.module[i].bytes;
	if (memory != dmi.memory)
		abort();
	for (size_t i = 0; i < dmi.count; i++)
		for (const char *c = dmi.module[i].slot; c && *c; c++)
			if (*c < ' ' || *c > '~')
				abort();
	dmi_clear(&dmi);
	return 0;
}
