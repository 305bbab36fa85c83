/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of p2v.server: "[USER@]HOST[:PORT]", or several of these with commas between them. No
 * I/O, and no judgement of the names. */
#ifndef P2VD_SERVER_LIST_H
#define P2VD_SERVER_LIST_H

#include <stdbool.h>

#define SERVERS_MOST 16

struct server_name {
	char *user;    /* NULL: none is given */
	char *host;    /* an IPv6 address is without brackets */
	bool brackets; /* it had some */
	unsigned port; /* 0: none is given */
};

/* The items of @text, which can be "". The caller calls list_free(). */
char **server_list(const char *text);

/* Reads an item. False if what stands behind its colon is no number of a port. The caller calls
 * server_name_clear() in either case. */
bool server_name_read(const char *text, struct server_name *name);
void server_name_clear(struct server_name *name);

#endif
