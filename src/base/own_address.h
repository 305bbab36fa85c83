/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses of this machine. When one is taken from it, the kernel sends nothing any more for the
 * connections that have it, and tells nobody: they are only silent.
 */
#ifndef P2VD_OWN_ADDRESS_H
#define P2VD_OWN_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* When a link is lost for a moment, an address may be taken away and given back. So whoever looks
 * once a second must find it gone so many times in a row. */
#define OWN_ADDRESS_LOOKS 2

struct own_address {
	struct sockaddr_storage address; /* of no family: not known */
};

/* The one that a connection to @host, an IP address, would have now. Sends nothing. */
struct own_address own_address_towards(const char *host);

/* The one that the connection @fd has. */
struct own_address own_address_of(int fd);

/* Whether it was known and the machine does not have it any more. */
bool own_address_is_gone(const struct own_address *own);

/* As people write it; the caller frees. */
char *own_address_text(const struct own_address *own);

#endif
