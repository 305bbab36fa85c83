/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loopback addresses of both families. */
#ifndef P2VD_RELAY_LOOPBACK_H
#define P2VD_RELAY_LOOPBACK_H

#include <netinet/in.h>
#include <stdint.h>

union loopback {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* Fills in the address of @family (AF_INET, AF_INET6) with @port. Returns its length. */
socklen_t loopback_address(union loopback *address, int family, uint16_t port);

#endif
