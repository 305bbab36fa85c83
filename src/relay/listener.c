// SPDX-License-Identifier: GPL-2.0-or-later
/* Where virt-v2v finds a disk: a port of the loopback addresses. */
#include "relay/listener.h"
#include "base/memory.h"
#include "relay/loopback.h"
#include "relay/peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define TRIES 100
#define BACKLOG 16

struct listener {
	struct loop *loop;
	struct watch watches[2]; /* fd -1: there is none */
	uint16_t port;
	void (*connected)(void *user, int fd);
	void *user;
};

static void accept_one(struct listener *listener, int fd)
{
	int one = 1, peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (peer < 0)
		return;
	if (!peer_is_ours(peer)) {
		close(peer);
		return;
	}
	setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	listener->connected(listener->user, peer);
}

static void on_ready4(void *user, uint32_t events)
{
	struct listener *listener = user;

	(void)events;
	accept_one(listener, listener->watches[0].fd);
}

static void on_ready6(void *user, uint32_t events)
{
	struct listener *listener = user;

	(void)events;
	accept_one(listener, listener->watches[1].fd);
}

/* A socket that listens at @port (0: any) of the loopback address; -1 with errno. */
static int listen_at(int family, uint16_t port)
{
	union loopback address;
	socklen_t length = loopback_address(&address, family, port);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1, error;

	if (fd < 0)
		return -1;
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	if (!bind(fd, &address.any, length) && !listen(fd, BACKLOG))
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static uint16_t port_of(int fd)
{
	struct sockaddr_in in = { 0 };
	socklen_t length = sizeof(in);

	return getsockname(fd, (struct sockaddr *)&in, &length) ? 0 : ntohs(in.sin_port);
}

/* One try. False when the port was taken at the other address: then @refused is what holds it
 * here, so that it does not come up again. */
static bool listen_at_both(struct listener *listener, int *refused)
{
	int in = listen_at(AF_INET, 0), in6;

	listener->watches[0].fd = in;
	if (in < 0)
		return true;
	listener->port = port_of(in);
	in6 = listen_at(AF_INET6, listener->port);
	listener->watches[1].fd = in6;
	if (in6 >= 0 || errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT)
		return true;
	*refused = in;
	listener->watches[0].fd = -1;
	return false;
}

static void listen_somewhere(struct listener *listener)
{
	int refused[TRIES], count = 0, error;

	while (count < TRIES && !listen_at_both(listener, &refused[count]))
		count++;
	error = errno;
	while (count)
		close(refused[--count]);
	errno = error;
}

struct listener *listener_new(struct loop *loop, void (*connected)(void *user, int fd), void *user)
{
	struct listener *listener = memory_zero(1, sizeof(*listener));

	*listener = (struct listener){
		.loop = loop,
		.connected = connected,
		.user = user,
		.watches = { { -1, EPOLLIN, on_ready4, listener },
			     { -1, EPOLLIN, on_ready6, listener } },
	};
	listen_somewhere(listener);
	if (listener->watches[0].fd < 0) {
		int error = errno;

		free(listener);
		errno = error;
		return NULL;
	}
	for (int i = 0; i < 2; i++)
		if (listener->watches[i].fd >= 0)
			loop_add(loop, &listener->watches[i]);
	return listener;
}

void listener_free(struct listener *listener)
{
	if (!listener)
		return;
	for (int i = 0; i < 2; i++) {
		if (listener->watches[i].fd < 0)
			continue;
		loop_remove(listener->loop, &listener->watches[i]);
		close(listener->watches[i].fd);
	}
	free(listener);
}

uint16_t listener_port(const struct listener *listener)
{
	return listener->port;
}
