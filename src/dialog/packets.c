// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Do packets of the full size arrive at a host?
 *
 * UDP packets that must not be broken up (DF) are sent to a port on which nobody listens. The
 * host says so for each that arrives (ICMP), and a router on the way says which size it takes
 * (RFC 1191, RFC 8201). So a small one that is answered and a large one that is not mean that
 * large ones get lost. No rights are needed for that, and nothing is installed on the server.
 */
#include "dialog/packets.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>

#define PORT 33434 /* where traceroute(8) begins: nobody listens there */
#define PATIENCE 1500 /* milliseconds */
#define TRIES 3
#define SMALL 32 /* bytes of data */
#define LARGEST 65535 /* bytes of a packet, as its header can say */
#define IPV4_HEADERS 28 /* bytes: IP and UDP */
#define IPV6_HEADERS 48

enum fate { FATE_ARRIVED, FATE_LOST, FATE_TOO_LARGE };

static int open_socket(const struct sockaddr *address, socklen_t length)
{
	struct sockaddr_storage to = { 0 };
	bool ipv6 = address->sa_family == AF_INET6;
	const int never = ipv6 ? IPV6_PMTUDISC_DO : IP_PMTUDISC_DO;
	int fd = socket(address->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(&to, address, length);
	if (ipv6)
		((struct sockaddr_in6 *)&to)->sin6_port = htons(PORT);
	else
		((struct sockaddr_in *)&to)->sin_port = htons(PORT);
	if (fd >= 0 &&
	    (setsockopt(fd, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP,
			ipv6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &never, sizeof(never)) < 0 ||
	     connect(fd, (struct sockaddr *)&to, length) < 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* The largest packet, in bytes, that the kernel would send on this way; 0: unknown. */
static unsigned largest(int fd, bool ipv6)
{
	int mtu = 0;
	socklen_t length = sizeof(mtu);

	if (getsockopt(fd, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_MTU : IP_MTU, &mtu,
		       &length) < 0 ||
	    mtu < 0)
		return 0;
	return mtu < LARGEST ? (unsigned)mtu : LARGEST;
}

/* Sends @size bytes, and again if nothing comes back. */
static enum fate send_one(int fd, size_t size)
{
	AUTO_FREE char *data = memory_zero(size, 1);

	for (int i = 0; i < TRIES; i++) {
		struct pollfd poller = { .fd = fd, .events = POLLIN };
		char byte;

		/* A send, too, returns what has come back for an earlier one. */
		if (send(fd, data, size, 0) < 0)
			return errno == EMSGSIZE ? FATE_TOO_LARGE : FATE_ARRIVED;
		if (poll(&poller, 1, PATIENCE) > 0)
			return recv(fd, &byte, 1, 0) < 0 && errno == EMSGSIZE ? FATE_TOO_LARGE :
										FATE_ARRIVED;
	}
	return FATE_LOST;
}

char *packets_line(const struct sockaddr *address, socklen_t length)
{
	AUTO_CLOSE int fd = open_socket(address, length);
	bool ipv6 = address->sa_family == AF_INET6;
	unsigned headers = ipv6 ? IPV6_HEADERS : IPV4_HEADERS;
	unsigned first = fd >= 0 ? largest(fd, ipv6) : 0, size = first;
	enum fate fate = FATE_TOO_LARGE;

	if (first <= headers)
		return text_format("Packets: it cannot be tried whether those of the full size arrive: %s",
				   strerror(errno));
	if (send_one(fd, SMALL) != FATE_ARRIVED)
		return text_format("Packets: whether those of %u bytes, the card's MTU, arrive cannot be told: the server does not answer to any (a firewall?)",
				   first);
	for (int i = 0; fate == FATE_TOO_LARGE && i < TRIES; i++) {
		size = largest(fd, ipv6);
		fate = send_one(fd, size - headers);
	}
	if (fate != FATE_ARRIVED)
		return text_format("WRONG: Packets: those of %u bytes get lost on the way, while small ones arrive: set a smaller MTU here, or the right one on the way",
				   size);
	if (size < first)
		return text_format("Packets: the way takes %u bytes, less than the card's MTU of %u, and says so: that is fine",
				   size, first);
	return text_format("Packets: those of %u bytes, the card's MTU, arrive", size);
}
