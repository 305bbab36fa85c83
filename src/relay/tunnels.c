// SPDX-License-Identifier: GPL-2.0-or-later
/* The ends of a disk's tunnels on the conversion server. */
#include "relay/tunnels.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "relay/loopback.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE 3000 /* milliseconds that a socket may refuse before it counts as dead */
#define AGAIN 500     /* milliseconds between two tries, at first */
#define AGAIN_MAX 4000
#define SOON 20 /* likewise, of a socket that sshd has just made: it listens a moment later */

/* One channel of ssh has 2 MiB on its way at most. So where an answer takes long, a tunnel gets
 * several links, which are a channel each. */
#define END_LINKS 8
#define ALL_LINKS 16 /* of a disk; each tunnel has one even so */
#define LONG_DELAY 8 /* milliseconds */
#define LINK_DELAY 4 /* for each so many one more */

struct tunnel_end {
	unsigned number;
	struct link *links[END_LINKS];
	unsigned count;
	unsigned most; /* links: it did not take more */
	bool told; /* that a link was lost, since it was reached */
	uint64_t tried; /* milliseconds; 0: not yet */
	uint64_t pause; /* until the next try */
	uint64_t refused; /* since when; 0: it is not refused */
	bool there; /* it was seen in this look */
};

struct tunnels {
	int fd;
	unsigned index;
	struct disk *disk;
	struct tunnel_end *ends;
	size_t count;
};

struct tunnels *tunnels_new(int fd, unsigned index, struct disk *disk)
{
	struct tunnels *tunnels = memory_zero(1, sizeof(*tunnels));

	*tunnels = (struct tunnels){ .fd = fd, .index = index, .disk = disk };
	return tunnels;
}

void tunnels_free(struct tunnels *tunnels)
{
	free(tunnels->ends);
	free(tunnels);
}

/* By /proc, so that the directory's name may be of any length, and it may have moved. */
static int connect_to_socket(int directory, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int connected = fd;

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", directory,
		 name);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	fd = -1;
	return connected;
}

/* Within this host it takes no time. */
static int connect_to_loopback(int family, uint16_t port)
{
	union loopback address;
	socklen_t length = loopback_address(&address, family, port);
	AUTO_CLOSE int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int connected = fd, one = 1;

	if (fd < 0 || connect(fd, &address.any, length) || fcntl(fd, F_SETFL, O_NONBLOCK))
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fd = -1;
	return connected;
}

/* sshd listens at one of the two addresses, or at both. */
static int connect_to_port(int directory, const char *name)
{
	AUTO_CLOSE int file = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char text[16] = "";
	uint16_t port;
	int fd;

	if (file < 0 || read(file, text, sizeof(text) - 1) <= 0)
		return -1;
	port = (uint16_t)strtoul(text, NULL, 10);
	fd = port ? connect_to_loopback(AF_INET, port) : -1;
	return fd < 0 && port ? connect_to_loopback(AF_INET6, port) : fd;
}

static void name_of(const struct tunnels *tunnels, unsigned number, char name[static 40])
{
	snprintf(name, 40, TUNNELS_DIRECTORY "/%u-%u", tunnels->index, number);
}

static bool add_link(struct tunnels *tunnels, struct tunnel_end *end, int fd)
{
	if (!disk_link(tunnels->disk, fd, &end->links[end->count])) {
		close(fd);
		return false;
	}
	end->count++;
	return true;
}

static int connect_to(const struct tunnels *tunnels, const char *name, const struct stat *status)
{
	return S_ISSOCK(status->st_mode) ? connect_to_socket(tunnels->fd, name) :
					   connect_to_port(tunnels->fd, name);
}

/* Whether it may begin to listen at any moment. */
static bool is_coming(const struct tunnel_end *end, uint64_t now)
{
	return end->refused && now - end->refused < AGAIN;
}

/* True when it is dead: its ssh has ended. */
static bool try(struct tunnels *tunnels, struct tunnel_end *end)
{
	uint64_t now = loop_now();
	struct stat status;
	char name[40];
	int fd;

	if (end->tried && now - end->tried < (is_coming(end, now) ? SOON : end->pause))
		return false;
	end->tried = now;
	name_of(tunnels, end->number, name);
	if (fstatat(tunnels->fd, name, &status, AT_SYMLINK_NOFOLLOW))
		return true;
	fd = connect_to(tunnels, name, &status);
	if (fd < 0) {
		end->refused = end->refused ?: now;
		return now - end->refused >= PATIENCE;
	}
	end->refused = 0;
	end->most = END_LINKS;
	end->told = false;
	add_link(tunnels, end, fd);
	return false;
}

static void note(struct tunnels *tunnels, unsigned number)
{
	struct tunnel_end end = { .number = number, .there = true, .pause = AGAIN };

	for (size_t i = 0; i < tunnels->count; i++) {
		if (tunnels->ends[i].number == number) {
			tunnels->ends[i].there = true;
			return;
		}
	}
	APPEND(tunnels->ends, tunnels->count, end);
}

static void read_directory(struct tunnels *tunnels)
{
	int fd = openat(tunnels->fd, TUNNELS_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	for (size_t i = 0; i < tunnels->count; i++)
		tunnels->ends[i].there = false;
	while (directory && (entry = readdir(directory))) {
		unsigned index, number;
		int end = 0;

		if (sscanf(entry->d_name, "%u-%u%n", &index, &number, &end) == 2 &&
		    !entry->d_name[end] && index == tunnels->index)
			note(tunnels, number);
	}
	if (directory)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
}

void tunnels_look(struct tunnels *tunnels)
{
	read_directory(tunnels);
	for (size_t i = tunnels->count; i > 0; i--) {
		struct tunnel_end *end = &tunnels->ends[i - 1];
		bool dead = !end->count && (!end->there || try(tunnels, end));
		char name[40];

		if (!dead)
			continue;
		name_of(tunnels, end->number, name);
		unlinkat(tunnels->fd, name, 0);
		*end = tunnels->ends[--tunnels->count];
	}
}

bool tunnels_are_coming(const struct tunnels *tunnels)
{
	for (size_t i = 0; i < tunnels->count; i++)
		if (!tunnels->ends[i].count && is_coming(&tunnels->ends[i], loop_now()))
			return true;
	return false;
}

/* How many links an end should have. */
static unsigned wanted(const struct tunnels *tunnels, const struct tunnel_end *end)
{
	uint64_t delay = 0;
	unsigned links = 1;

	for (unsigned i = 0; i < end->count; i++)
		if (link_is_up(end->links[i]) && !link_is_silent(end->links[i]))
			delay = link_delay(end->links[i]);
	if (delay >= LONG_DELAY)
		links = delay / LINK_DELAY < end->most ? (unsigned)(delay / LINK_DELAY) : end->most;
	return links < ALL_LINKS / tunnels->count ? links : (unsigned)(ALL_LINKS / tunnels->count);
}

void tunnels_widen(struct tunnels *tunnels)
{
	unsigned all = 0;

	for (size_t i = 0; i < tunnels->count; i++)
		all += tunnels->ends[i].count;
	for (size_t i = 0; i < tunnels->count; i++) {
		struct tunnel_end *end = &tunnels->ends[i];

		while (all < ALL_LINKS && end->count && end->count < wanted(tunnels, end)) {
			struct stat status;
			char name[40];
			int fd = -1;

			name_of(tunnels, end->number, name);
			if (!fstatat(tunnels->fd, name, &status, AT_SYMLINK_NOFOLLOW))
				fd = connect_to(tunnels, name, &status);
			if (fd < 0 || !add_link(tunnels, end, fd))
				end->most = end->count;
			else
				all++;
		}
	}
}

static struct tunnel_end *remove_link(struct tunnels *tunnels, const struct link *link)
{
	for (size_t i = 0; i < tunnels->count; i++) {
		struct tunnel_end *end = &tunnels->ends[i];

		for (unsigned j = 0; j < end->count; j++)
			if (end->links[j] == link) {
				end->links[j] = end->links[--end->count];
				return end;
			}
	}
	return NULL;
}

bool tunnels_lost(struct tunnels *tunnels, const struct link *link)
{
	struct tunnel_end *end = remove_link(tunnels, link);
	bool tell = end && !end->told;

	if (!end)
		return true;
	if (end->count && !link_is_up(link)) {
		end->most = end->count;
		return false;
	}
	end->told = true;
	end->tried = loop_now();
	/* What is not the right export will hardly become it. */
	end->pause = link_is_up(link) ? AGAIN : end->pause * 2;
	if (end->pause > AGAIN_MAX)
		end->pause = AGAIN_MAX;
	return tell;
}
