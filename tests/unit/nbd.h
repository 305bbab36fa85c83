/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A few bytes of the NBD protocol (doc/proto.md of the NBD project, "Fixed newstyle
 * negotiation"): enough to read and to try to write.
 */
#ifndef TESTS_NBD_H
#define TESTS_NBD_H

#include <endian.h>
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NBD_UNUSED __attribute__((unused))

enum { NBD_READ = 0, NBD_WRITE = 1 };

struct nbd {
	int fd;
	pid_t server;
	uint64_t size;
	bool read_only;
};

static void nbd_get(int fd, void *data, size_t length)
{
	if (recv(fd, data, length, MSG_WAITALL) != (ssize_t)length)
		errx(1, "the NBD server hung up");
}

static void nbd_put(int fd, const void *data, size_t length)
{
	if (send(fd, data, length, MSG_NOSIGNAL) != (ssize_t)length)
		err(1, "NBD");
}

static NBD_UNUSED struct nbd nbd_connect(const char *path)
{
	struct nbd nbd = { .fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct ucred peer;
	socklen_t length = sizeof(peer);
	char greeting[18];
	struct __attribute__((packed)) {
		uint32_t flags;
		char magic[8];
		uint32_t option, length;
	} hello = { htobe32(3), "", htobe32(1), 0 }; /* no zeroes; EXPORT_NAME, the default */
	struct __attribute__((packed)) {
		uint64_t size;
		uint16_t flags;
	} answer;

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (connect(nbd.fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    getsockopt(nbd.fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
		err(1, "%s", path);
	nbd_get(nbd.fd, greeting, sizeof(greeting));
	memcpy(hello.magic, "IHAVEOPT", 8);
	nbd_put(nbd.fd, &hello, sizeof(hello));
	nbd_get(nbd.fd, &answer, sizeof(answer));
	nbd.server = peer.pid;
	nbd.size = be64toh(answer.size);
	nbd.read_only = be16toh(answer.flags) & 2;
	return nbd;
}

/* Reads @length bytes at @offset into @data, or writes them. Returns NBD's error, 0 for
 * none. */
static NBD_UNUSED uint32_t nbd_do(const struct nbd *nbd, uint16_t what, uint64_t offset, void *data,
				  uint32_t length)
{
	struct __attribute__((packed)) {
		uint32_t magic;
		uint16_t flags, type;
		uint64_t cookie, offset;
		uint32_t length;
	} request = { htobe32(0x25609513), 0, htobe16(what), 7, htobe64(offset), htobe32(length) };
	struct __attribute__((packed)) {
		uint32_t magic, error;
		uint64_t cookie;
	} reply;

	nbd_put(nbd->fd, &request, sizeof(request));
	if (what == NBD_WRITE)
		nbd_put(nbd->fd, data, length);
	nbd_get(nbd->fd, &reply, sizeof(reply));
	if (be32toh(reply.magic) != 0x67446698 || reply.cookie != 7)
		errx(1, "that is no reply of NBD");
	if (what == NBD_READ && !reply.error)
		nbd_get(nbd->fd, data, length);
	return be32toh(reply.error);
}

#endif
