// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses of this machine. */
#include "base/own_address.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

struct own_address own_address_of(int fd)
{
	struct own_address own = { 0 };
	socklen_t length = sizeof(own.address);

	if (getsockname(fd, (struct sockaddr *)&own.address, &length) < 0)
		own.address.ss_family = AF_UNSPEC;
	return own;
}

struct own_address own_address_towards(const char *host)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
					.ai_socktype = SOCK_DGRAM };
	struct own_address own = { 0 };
	struct addrinfo *found;

	if (getaddrinfo(host, "9", &hints, &found))
		return own;
	AUTO_CLOSE int fd = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) == 0)
		own = own_address_of(fd);
	freeaddrinfo(found);
	return own;
}

bool own_address_is_gone(const struct own_address *own)
{
	struct sockaddr_storage address = own->address;

	if (address.ss_family == AF_INET)
		((struct sockaddr_in *)&address)->sin_port = 0;
	else if (address.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&address)->sin6_port = 0;
	else
		return false;
	AUTO_CLOSE int fd = socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 &&
	       errno == EADDRNOTAVAIL;
}

char *own_address_text(const struct own_address *own)
{
	char text[NI_MAXHOST];

	if (getnameinfo((const struct sockaddr *)&own->address, sizeof(own->address), text,
			sizeof(text), NULL, 0, NI_NUMERICHOST))
		return text_copy("unknown");
	return text_copy(text);
}
