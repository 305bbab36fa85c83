// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as the begin of an EFI system partition. */
#include "base/list.h"
#include "disks/esp.h"
#include "run-files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	list_free(esp_systems(data, size));
	return 0;
}
