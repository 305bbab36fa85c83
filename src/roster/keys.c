// SPDX-License-Identifier: GPL-2.0-or-later
/* The BMCs of the lists and their passwords. */
#include "roster/keys.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "bmc/passwords.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#define LIST_MOST (64U << 20) /* bytes */
#define BESIDE "bmc.csv"

struct keys {
	const struct desk *desk;
	struct bmcs bmcs;
	struct passwords *passwords;
};

static int read_list(struct keys *keys, const char *path, char **reason)
{
	AUTO_FREE char *wrong = NULL;
	size_t length = 0;
	char *text = file_read(path, LIST_MOST, &length);
	int r;

	if (!text)
		return REFUSE(reason, errno, "cannot read the list of machines '%s': %s", path,
			      strerror(errno));
	r = bmcs_read(&keys->bmcs, text, &wrong);
	secret_free_length(text, length + 1);
	return r < 0 ? REFUSE(reason, -r, "%s: %s", path, wrong) : 0;
}

/* The list beside that of the machines, which need not be there if nobody names it. */
static int read_beside(struct keys *keys, char **reason)
{
	const char *slash = strrchr(keys->desk->machines, '/');
	const int length = slash ? (int)(slash - keys->desk->machines) + 1 : 0;
	AUTO_FREE char *beside = text_format("%.*s" BESIDE, length, keys->desk->machines);

	if (keys->desk->bmcs)
		return read_list(keys, keys->desk->bmcs, reason);
	return access(beside, F_OK) < 0 ? 0 : read_list(keys, beside, reason);
}

/* It may be two cards of one machine; or one of the two is switched in place of the other. */
static void warn_of_pairs(const struct bmcs *bmcs)
{
	for (size_t i = 0; i < bmcs->count; i++)
		for (size_t j = 0; j < i; j++) {
			const struct bmc *one = &bmcs->bmc[j], *other = &bmcs->bmc[i];

			if (!strcmp(one->address, other->address))
				desk_say("warning: %s and %s have the same BMC '%s'",
					 one->name ?: one->mac, other->name ?: other->mac,
					 one->address);
		}
}

int keys_read(const struct desk *desk, struct keys **result, char **reason)
{
	struct keys *keys = memory_zero(1, sizeof(*keys));
	int r;

	keys->desk = desk;
	r = read_list(keys, desk->machines, reason);
	r = r < 0 ? r : read_beside(keys, reason);
	if (r == 0 && !keys->bmcs.count)
		r = REFUSE(reason, ENODEV,
			   "no machine in '%s' has a BMC: give the columns bmc, bmc_user and bmc_kind, see p2v-fleet(8), POWER",
			   desk->machines);
	if (r == 0)
		warn_of_pairs(&keys->bmcs);
	r = r < 0 ? r : passwords_read(desk->passwords, &keys->passwords, reason);
	if (r < 0)
		keys_free(keys);
	else
		*result = keys;
	return r;
}

void keys_free(struct keys *keys)
{
	if (!keys)
		return;
	bmcs_clear(&keys->bmcs);
	passwords_free(keys->passwords);
	free(keys);
}

int keys_login(const struct keys *keys, const char *mac, struct bmc_login *login, char **reason)
{
	const struct bmc *bmc = bmcs_find(&keys->bmcs, mac);

	if (!bmc)
		return REFUSE(reason, ENODEV, "it has no BMC in '%s': switch it by hand",
			      keys->desk->machines);
	*login = (struct bmc_login){ .bmc = bmc,
				     .password = passwords_find(keys->passwords, bmc),
				     .authorities = keys->desk->authorities };
	if (!login->password || !bmc->user)
		return REFUSE(reason, ENOKEY, "there is no %s for its BMC '%s' in '%s'",
			      bmc->user ? "password" : "bmc_user", bmc->address,
			      bmc->user ? keys->desk->passwords : keys->desk->machines);
	return 0;
}

const struct bmc *keys_find(const struct keys *keys, const char *word)
{
	AUTO_FREE char *mac = bmc_mac(word);

	for (size_t i = 0; i < keys->bmcs.count; i++) {
		const struct bmc *bmc = &keys->bmcs.bmc[i];

		if (mac ? !strcmp(bmc->mac, mac) : bmc->name && !strcasecmp(bmc->name, word))
			return bmc;
	}
	return NULL;
}

const struct bmc *keys_bmc(const struct keys *keys, size_t index)
{
	return index < keys->bmcs.count ? &keys->bmcs.bmc[index] : NULL;
}
