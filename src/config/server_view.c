// SPDX-License-Identifier: GPL-2.0-or-later
/* A configuration as it is for one of several servers. */
#include "config/server_view.h"

#include "base/secret.h"
#include "base/server_list.h"
#include "base/text.h"
#include "config/url_template.h"

#include <stdlib.h>

void server_view_init(struct server_view *view, const struct config *config, const char *item)
{
	struct server_name name;

	server_name_read(item, &name); /* it was checked */
	*view = (struct server_view){ .config = *config, .host = text_copy(name.host) };
	view->user = text_copy(name.user ? name.user : config->username);
	if (config->identity)
		view->identity = url_template_fill_key(config->identity, name.host);
	view->config.server = view->host;
	view->config.username = view->user;
	view->config.identity = view->identity;
	if (name.port)
		view->config.port = name.port;
	server_name_clear(&name);
}

void server_view_clear(struct server_view *view)
{
	free(view->host);
	free(view->user);
	secret_free(view->identity);
	*view = (struct server_view){ 0 };
}
