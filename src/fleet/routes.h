/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What p2v-fleetd answers to which request, and who may ask it: API in p2v-fleetd(8). */
#ifndef P2VD_ROUTES_H
#define P2VD_ROUTES_H

#include "fleet/fleet.h"
#include "fleet/http.h"

struct routes;

/* @password: of the page from other addresses than this host's; NULL: it is refused there. Secret,
 * copied. @no_done: /done/MAC is refused. */
struct routes *routes_new(struct fleet *fleet, const char *password, bool no_done);
void routes_free(struct routes *routes);

/* See http.h; @user: the routes. */
unsigned routes_judge(void *user, struct http_request *request, const char **why);
void routes_ask(void *user, struct http_request *request);

#endif
