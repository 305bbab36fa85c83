// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether this machine is in a network. */
#include "dialog/address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>

#define LINK_LOCAL_IPV4 0xa9fe0000U /* 169.254.0.0/16, which a card without DHCP takes */

static bool reaches(const struct sockaddr *address)
{
	const struct sockaddr_in *ipv4 = (const void *)address;
	const struct sockaddr_in6 *ipv6 = (const void *)address;

	if (!address)
		return false;
	if (address->sa_family == AF_INET)
		return (ntohl(ipv4->sin_addr.s_addr) & 0xffff0000U) != LINK_LOCAL_IPV4;
	return address->sa_family == AF_INET6 && !IN6_IS_ADDR_LINKLOCAL(&ipv6->sin6_addr);
}

bool address_exists(void)
{
	const unsigned needed = IFF_UP | IFF_RUNNING;
	struct ifaddrs *all = NULL;
	bool exists = false;

	if (getifaddrs(&all) < 0)
		return false;
	for (struct ifaddrs *one = all; one && !exists; one = one->ifa_next)
		exists = (one->ifa_flags & needed) == needed && !(one->ifa_flags & IFF_LOOPBACK) &&
			 reaches(one->ifa_addr);
	freeifaddrs(all);
	return exists;
}
