// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as the file of a private key: trimming does not change the result of the check. */
#include "base/cleanup.h"
#include "run-files.h"
#include "ssh/identity.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *reason = NULL;
	AUTO_FREE char *reason_trimmed = NULL;
	AUTO_FREE char *copy = malloc(size + 1);
	int before = identity_check((const char *)data, size, &reason), after;
	size_t length;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	length = identity_trim(copy, size);
	if (length > size + 1)
		abort();
	after = identity_check(copy, length, &reason_trimmed);
	if (before == 0 && after != 0)
		abort();
	return 0;
}
