/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a conversion requires of its server, and what of that the server lacks. */
#ifndef P2VD_REQUIREMENTS_H
#define P2VD_REQUIREMENTS_H

#include "config/config.h"
#include "server/server.h"

#include <stdint.h>

/*
 * The first requirement that @server does not meet for a conversion of @bytes (the sum
 * of all disks, 0 when not known), as a sentence that says what is wrong and what to do.
 * NULL when it meets them all. The caller frees. What the user should know, but what
 * need not fail, is logged.
 */
char *requirements_unmet(const struct server *server, const struct config *config, uint64_t bytes);

/*
 * Whether nothing in the answer comes from our script, but @said, the little that came in its
 * place, or programs are missing without which no script works: then such a sentence, else
 * NULL. @user is logged in. The caller frees.
 */
char *requirements_no_shell(const struct server *server, const char *user, const char *said);

/*
 * Whether others than the server's own users can connect to a port that it has forwarded:
 * then such a sentence, else NULL. The caller frees.
 */
char *requirements_exposed(const struct server *server);

#endif
