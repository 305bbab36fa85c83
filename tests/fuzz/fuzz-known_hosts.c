// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a known_hosts file, checked for two names and a key that it may contain. */
#include "base/cleanup.h"
#include "run-files.h"
#include "ssh/known_hosts.h"

#include <string.h>

static void judge(const uint8_t *data, size_t size, uint16_t port)
{
	/* The key is the start of the file, so that some lines contain it. */
	struct known_hosts known = {
		.text = (const char *)data, .length = size, .host = "web.example.com", .port = port
	};
	AUTO_FREE char *reason = known_hosts_judge(&known, data, size < 64 ? size : 64);
	AUTO_FREE char *algorithms = known_hosts_algorithms(&known);

	if (reason && strpbrk(reason, "\r\n"))
		abort();
	if (!strstr(algorithms, "ssh-ed25519"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	judge(data, size, 22);
	judge(data, size, 2222);
	return 0;
}
