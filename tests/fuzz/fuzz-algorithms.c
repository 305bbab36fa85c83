// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as the first ones of an SSH server. */
#include "base/cleanup.h"
#include "run-files.h"
#include "ssh/algorithms.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *reason = algorithms_missing(data, size);

	if (reason && (strpbrk(reason, "\r\n\033") || !strstr(reason, "sshd_config")))
		abort();
	return 0;
}
