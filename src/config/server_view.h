/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration as it is for one of the servers that p2v.server names. */
#ifndef P2VD_SERVER_VIEW_H
#define P2VD_SERVER_VIEW_H

#include "config/config.h"

struct server_view {
	struct config config; /* its strings are the whole configuration's, but for these: */
	char *host, *user, *identity;
};

/* @item: of server_list(config->server). @config must live as long as @view, and stay as it is. The
 * caller calls server_view_clear(). */
void server_view_init(struct server_view *view, const struct config *config, const char *item);

/* Does nothing to one of zeros. */
void server_view_clear(struct server_view *view);

#endif
