// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets that listen. */
#include "fleet/address.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define PORT "8067"
#define BACKLOG 1024

/* Splits "192.0.2.7:8067", "[2001:db8::7]:8067", "192.0.2.7" or "8067" into new texts. */
static void split(const char *text, char **host, char **port)
{
	const char *bracket = *text == '[' ? strchr(text, ']') : NULL;
	const char *colon = bracket ? strchr(bracket, ':') : strrchr(text, ':');

	if (bracket) {
		*host = text_copy_length(text + 1, (size_t)(bracket - text - 1));
	} else if (!strchr(text, '.') && !strchr(text, ':')) {
		*host = text_copy("::");
		*port = text_copy(text);
		return;
	} else if (colon && strchr(text, ':') != colon) {
		*host = text_copy(text); /* IPv6 without brackets and port */
		colon = NULL;
	} else {
		*host = text_copy_length(text, colon ? (size_t)(colon - text) : strlen(text));
	}
	*port = text_copy(colon ? colon + 1 : PORT);
}

int address_listen(const char *text, char **reason)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
					.ai_socktype = SOCK_STREAM };
	AUTO_FREE char *host = NULL;
	AUTO_FREE char *port = NULL;
	struct addrinfo *found = NULL;
	const int yes = 1;
	int fd, r = 0;

	split(text, &host, &port);
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return REFUSE(reason, EINVAL,
			      "'%s' is no address to listen on: give ADDRESS:PORT, as in 192.0.2.1:8067 or [2001:db8::1]:8067",
			      text);
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 ||
	    bind(fd, found->ai_addr, found->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0)
		r = -errno;
	freeaddrinfo(found);
	if (r == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return REFUSE(reason, -r, "cannot listen on '%s': %s%s", text, strerror(-r),
		      r == -EADDRINUSE ? ": does another p2v-fleetd, or p2v-pxe-done.socket?" : "");
}

static int bind_control(int fd, const struct sockaddr_un *address)
{
	mode_t mask = umask(0117);
	int r = bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? -errno : 0;

	umask(mask);
	return r;
}

int address_listen_control(const char *path, char **reason)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	AUTO_CLOSE int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int r;

	if (strlen(path) >= sizeof(address.sun_path))
		return REFUSE(reason, ENAMETOOLONG, "'%s' is too long for a socket", path);
	strcpy(address.sun_path, path);
	if (fd < 0 || probe < 0)
		return REFUSE(reason, EMFILE, "cannot make a socket");
	r = bind_control(fd, &address);
	if (r == -EADDRINUSE) {
		if (connect(probe, (struct sockaddr *)&address, sizeof(address)) == 0)
			return REFUSE(reason, EBUSY, "another p2v-fleetd listens on '%s'", path);
		/* Only a socket that nobody listens on is in the way, not somebody's file. */
		if (errno == ECONNREFUSED && unlink(path) == 0)
			r = bind_control(fd, &address);
	}
	if (r == 0 && listen(fd, BACKLOG) < 0)
		r = -errno;
	if (r < 0)
		return REFUSE(reason, -r, "cannot listen on '%s': %s", path, strerror(-r));
	r = fd;
	fd = -1;
	return r;
}

bool address_is_local(int fd)
{
	struct sockaddr_storage address = { 0 };
	const struct sockaddr_in *four = (const struct sockaddr_in *)&address;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&address;
	socklen_t length = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		return false;
	if (address.ss_family == AF_INET)
		return ntohl(four->sin_addr.s_addr) >> 24 == 127;
	return address.ss_family == AF_UNIX ||
	       (address.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr));
}
