// SPDX-License-Identifier: GPL-2.0-or-later
/* The value of p2v.server. */
#include "base/server_list.h"

#include "base/list.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define PORT_MOST 65535

char **server_list(const char *text)
{
	char **list = NULL;

	for (;;) {
		size_t length = strcspn(text, ",");

		list_append(&list, text_copy_length(text, length));
		if (!text[length])
			return list;
		text += length + 1;
	}
}

static bool read_port(const char *text, unsigned *port)
{
	size_t length = strlen(text);

	if (length < 1 || length > 5 || *text == '0' || text[strspn(text, "0123456789")])
		return false;
	*port = (unsigned)strtoul(text, NULL, 10);
	return *port <= PORT_MOST;
}

bool server_name_read(const char *text, struct server_name *name)
{
	const char *at = strrchr(text, '@');
	const char *host = at ? at + 1 : text;
	const char *closing = *host == '[' ? strchr(host, ']') : NULL;
	const char *colon = closing ? closing + 1 : strchr(host, ':');

	*name = (struct server_name){ .brackets = closing };
	if (at)
		name->user = text_copy_length(text, (size_t)(at - text));
	/* A second colon: an IPv6 address without brackets, or nothing at all. */
	if (!colon || *colon != ':' || (!closing && strchr(colon + 1, ':'))) {
		bool whole = closing && !closing[1];

		name->brackets = whole;
		name->host = whole ? text_copy_length(host + 1, (size_t)(closing - host - 1)) :
				     text_copy(host);
		return true;
	}
	name->host = closing ? text_copy_length(host + 1, (size_t)(closing - host - 1)) :
			       text_copy_length(host, (size_t)(colon - host));
	return read_port(colon + 1, &name->port);
}

void server_name_clear(struct server_name *name)
{
	free(name->user);
	free(name->host);
	*name = (struct server_name){ 0 };
}
