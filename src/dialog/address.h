/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether this machine is in a network. */
#ifndef P2VD_ADDRESS_H
#define P2VD_ADDRESS_H

#include <stdbool.h>

/* Whether an interface that is up has an address by which others can be reached. */
bool address_exists(void);

#endif
