/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page: page.html with the machines as they stand now, readable without JavaScript. */
#ifndef P2VD_FLEET_TABLE_H
#define P2VD_FLEET_TABLE_H

#include "fleet/summary.h"

/* page.html filled in: @nonce for @NONCE@, the numbers of machines, a row for each machine. All
 * that comes from machines is text, never markup. The caller frees. */
char *fleet_table_page(const struct fleet_view *views, size_t count, const struct summary *summary,
		       const char *nonce);

#endif
