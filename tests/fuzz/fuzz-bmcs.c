// SPDX-License-Identifier: GPL-2.0-or-later
/* Any text as a list of machines with their BMCs, and as the passwords of these. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "bmc/passwords.h"
#include "run-files.h"

#include <string.h>

static void check(const struct bmc *bmc)
{
	AUTO_FREE char *mac = bmc_mac(bmc->mac);

	/* ipmitool gets these as arguments. */
	if (!mac || strcmp(mac, bmc->mac) != 0 || !*bmc->address || *bmc->address == '-' ||
	    (bmc->user && (!*bmc->user || *bmc->user == '-')) || (bmc->ipmi && bmc->unchecked))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = memory_zero(size + 1, 1);
	AUTO_FREE char *reason = NULL, *wrong = NULL;
	struct passwords *passwords = NULL;
	struct bmcs bmcs = { 0 };

	memcpy(text, data, size);
	if ((bmcs_read(&bmcs, text, &reason) < 0) != (reason != NULL))
		abort();
	if ((passwords_parse(text, &passwords, &wrong) < 0) != (wrong != NULL))
		abort();
	for (size_t i = 0; i < bmcs.count; i++) {
		check(&bmcs.bmc[i]);
		if (passwords)
			passwords_find(passwords, &bmcs.bmc[i]);
	}
	bmcs_clear(&bmcs);
	passwords_free(passwords);
	secret_forget_all();
	return 0;
}
