/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The BMCs of the lists and their passwords: how each machine's power is reached. */
#ifndef P2VD_KEYS_H
#define P2VD_KEYS_H

#include "bmc/power.h"
#include "roster/desk.h"

struct keys;

/* Reads lists and passwords. Returns 0, or -errno and a reason. */
int keys_read(const struct desk *desk, struct keys **keys, char **reason);

/* Fills @login, which lives as long as @keys. -ENODEV: the machine has no BMC in the lists;
 * -ENOKEY: there is no password for it. */
int keys_login(const struct keys *keys, const char *mac, struct bmc_login *login, char **reason);

/* That of the machine with that MAC address or name in the lists; NULL: none. */
const struct bmc *keys_find(const struct keys *keys, const char *word);

/* All BMCs, by an index from 0; NULL at the end. */
const struct bmc *keys_bmc(const struct keys *keys, size_t index);

void keys_free(struct keys *keys); /* NULL is fine */

#endif
