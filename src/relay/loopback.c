// SPDX-License-Identifier: GPL-2.0-or-later
/* The loopback addresses of both families. */
#include "relay/loopback.h"

socklen_t loopback_address(union loopback *address, int family, uint16_t port)
{
	*address = (union loopback){ 0 };
	if (family == AF_INET) {
		address->in.sin_family = AF_INET;
		address->in.sin_port = htons(port);
		address->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(address->in);
	}
	address->in6.sin6_family = AF_INET6;
	address->in6.sin6_port = htons(port);
	address->in6.sin6_addr = (struct in6_addr)IN6ADDR_LOOPBACK_INIT;
	return sizeof(address->in6);
}
