// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as what a drive answers when it is asked of its health. */
#include "base/cleanup.h"
#include "base/text.h"
#include "disks/smart.h"
#include "run-files.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t page[512] = { 0 };
	struct smart smart = { .reallocated = SMART_UNKNOWN };
	AUTO_FREE char *text = NULL;

	memcpy(page, data, size < sizeof(page) ? size : sizeof(page));
	/* Without the right sum, a page of attributes would be ignored. */
	page[511] = 0;
	for (size_t i = 0; i < 511; i++)
		page[511] -= page[i];
	smart_read_ata_status(&smart, data, size);
	smart_read_ata_data(&smart, page);
	smart_read_scsi(&smart, data, size);
	smart_read_nvme(&smart, page);
	text = smart_text(&smart);
	if (!text_begins(text, "SMART: "))
		abort();
	return 0;
}
