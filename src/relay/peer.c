// SPDX-License-Identifier: GPL-2.0-or-later
/* Who is at the other end of a connection within this host. */
#include "relay/peer.h"
#include "base/cleanup.h"
#include "base/memory.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define TCP_ESTABLISHED 1
#define TRIES 3

bool peer_find(const char *table, const struct peer_ends *ends, uint32_t *user)
{
	for (const char *row = strchr(table, '\n'); row && row[1]; row = strchr(row, '\n')) {
		char address[33], remote[33];
		unsigned port, remote_port, state, uid;
		unsigned long long inode;

		row++;
		if (sscanf(row,
			   "%*u: %32[0-9A-F]:%x %32[0-9A-F]:%x %x %*x:%*x %*x:%*x %*x %u %*u %llu",
			   address, &port, remote, &remote_port, &state, &uid, &inode) != 7)
			continue;
		if (port == ends->port && remote_port == ends->server_port &&
		    !strcasecmp(address, ends->address) &&
		    !strcasecmp(remote, ends->server_address) && state == TCP_ESTABLISHED &&
		    inode) {
			*user = uid;
			return true;
		}
	}
	return false;
}

static char *read_all(const char *path)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0, room = 65536;
	char *text = memory_resize(NULL, room, 1);
	ssize_t got;

	while (fd >= 0 && (got = read(fd, text + length, room - length - 1)) > 0) {
		length += (size_t)got;
		if (length + 4096 > room)
			text = memory_resize(text, room *= 2, 1);
	}
	text[length] = '\0';
	return text;
}

/* The kernel prints an address as words of 32 bits, each as the processor reads it. */
static void print_address(const void *bytes, size_t words, char *text)
{
	for (size_t i = 0; i < words; i++) {
		uint32_t word;

		memcpy(&word, (const char *)bytes + 4 * i, sizeof(word));
		snprintf(text + 8 * i, 9, "%08X", word);
	}
}

/* An IPv4 address as a socket of IPv6 has it. */
#define MAPPED "0000000000000000FFFF0000"

static void print_mapped(const struct in_addr *address, char *text)
{
	snprintf(text, strlen(MAPPED) + 1, "%s", MAPPED);
	print_address(address, 1, text + strlen(MAPPED));
}

static bool find_in(const char *path, const struct peer_ends *ends, uint32_t *user)
{
	AUTO_FREE char *table = read_all(path);

	return peer_find(table, ends, user);
}

bool peer_is_ours(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} peer = { 0 }, own = { 0 };
	socklen_t peer_length = sizeof(peer), own_length = sizeof(own);
	struct peer_ends ends = { 0 };
	uint32_t user = UINT32_MAX;
	bool found = false;

	if (getpeername(fd, &peer.any, &peer_length) || getsockname(fd, &own.any, &own_length))
		return false;
	/* Both families have the port in the same place. */
	ends.port = ntohs(peer.in.sin_port);
	ends.server_port = ntohs(own.in.sin_port);
	/* While others connect and close, the kernel may leave a row out. */
	for (unsigned i = 0; i < TRIES && !found; i++) {
		if (peer.any.sa_family == AF_INET6) {
			print_address(&peer.in6.sin6_addr, 4, ends.address);
			print_address(&own.in6.sin6_addr, 4, ends.server_address);
			found = find_in("/proc/net/tcp6", &ends, &user);
			continue;
		}
		print_address(&peer.in.sin_addr, 1, ends.address);
		print_address(&own.in.sin_addr, 1, ends.server_address);
		if (find_in("/proc/net/tcp", &ends, &user)) {
			found = true;
			continue;
		}
		print_mapped(&peer.in.sin_addr, ends.address);
		print_mapped(&own.in.sin_addr, ends.server_address);
		found = find_in("/proc/net/tcp6", &ends, &user);
	}
	return found && (user == geteuid() || user == 0);
}
