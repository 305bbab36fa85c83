// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * line [--delay=MILLISECONDS] [--rate=BYTES] LISTEN CONNECT
 *
 * A line for "make bench": passes on every connection to LISTEN to CONNECT. What goes in takes
 * half of the delay to come out, in each direction, and all connections together pass so many
 * bytes per second in each direction. LISTEN and CONNECT are ports of 127.0.0.1, an IPv4 address
 * and a port (192.0.2.1:22), or paths of UNIX sockets. It prints "ready", and at SIGTERM how many bytes went to CONNECT and came back.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define RING (32U << 20)    /* bytes on their way, of one direction of a connection */
#define MARKS 4096
#define CHUNK (64U << 10)
#define PIPE (1U << 20)
#define BACKLOG 5000000ULL  /* nanoseconds that what has come may wait for its turn */
#define CONNECTIONS 64
#define SECOND 1000000000ULL

/* One direction of a connection: by splice(2) where nothing has to wait, else through a ring. */
struct flow {
	int from, to;
	int pipe[2];
	size_t in_pipe;
	uint8_t *ring;
	uint64_t put, got;  /* bytes, counted on and on */
	struct {
		uint64_t end, due; /* bytes before @end may leave at @due */
	} marks[MARKS];
	unsigned mark_put, mark_got;
	bool readable, writable, eof, over;
};

struct connection {
	struct flow flows[2];
	bool used;
};

/* All of one direction. */
static struct {
	uint64_t bytes;
	uint64_t free_at;
} lanes[2];

static struct connection connections[CONNECTIONS];
static uint64_t delay, rate, wake;
static bool paced;
static int loop;

static void die(const char *what)
{
	fprintf(stderr, "line: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static void wake_at(uint64_t time)
{
	if (time < wake)
		wake = time;
}

/* ---- one direction ---------------------------------------------------------------------- */

/* Notes how a system call went that moved no bytes. */
static void stopped(ssize_t result, struct flow *flow, bool *able)
{
	if (result == 0)
		flow->eof = true;
	else if (errno == EAGAIN)
		*able = false;
	else if (errno != EINTR)
		flow->eof = flow->over = true;
}

static bool splice_some(struct flow *flow, unsigned lane)
{
	const unsigned flags = SPLICE_F_NONBLOCK | SPLICE_F_MOVE;
	ssize_t moved = 0, left = 0;

	if (flow->readable && !flow->eof && flow->in_pipe < PIPE) {
		moved = splice(flow->from, NULL, flow->pipe[1], NULL, PIPE, flags);
		if (moved > 0) {
			flow->in_pipe += (size_t)moved;
			lanes[lane].bytes += (uint64_t)moved;
		} else if (moved == 0 || errno != EAGAIN || !flow->in_pipe) {
			stopped(moved, flow, &flow->readable);
		}
	}
	if (flow->writable && flow->in_pipe) {
		left = splice(flow->pipe[0], NULL, flow->to, NULL, flow->in_pipe, flags);
		if (left > 0)
			flow->in_pipe -= (size_t)left;
		else
			stopped(left ? left : -1, flow, &flow->writable);
	}
	return moved > 0 || left > 0;
}

/* Takes in a chunk, and writes down when it may leave. */
static bool take_in(struct flow *flow, unsigned lane)
{
	uint64_t time = now(), begin = flow->put % RING, *free_at = &lanes[lane].free_at;
	size_t room = RING - (flow->put - flow->got);
	ssize_t got;

	if (!flow->readable || flow->eof || !room || flow->mark_put - flow->mark_got == MARKS)
		return false;
	if (*free_at > time + BACKLOG) {
		wake_at(*free_at - BACKLOG);
		return false;
	}
	room = room < CHUNK ? room : CHUNK;
	room = room < RING - begin ? room : RING - begin;
	got = recv(flow->from, flow->ring + begin, room, 0);
	if (got <= 0) {
		stopped(got, flow, &flow->readable);
		return false;
	}
	*free_at = *free_at > time ? *free_at : time;
	*free_at += rate ? (uint64_t)got * SECOND / rate : 0;
	lanes[lane].bytes += (uint64_t)got;
	flow->put += (uint64_t)got;
	flow->marks[flow->mark_put % MARKS].end = flow->put;
	flow->marks[flow->mark_put++ % MARKS].due = *free_at + delay / 2;
	return true;
}

/* Lets out what may leave by now. */
static bool let_out(struct flow *flow)
{
	uint64_t time = now(), end = flow->got, begin = flow->got % RING;
	ssize_t sent;

	for (unsigned i = flow->mark_got; i != flow->mark_put; i++) {
		if (flow->marks[i % MARKS].due > time) {
			wake_at(flow->marks[i % MARKS].due);
			break;
		}
		end = flow->marks[i % MARKS].end;
	}
	if (end == flow->got || !flow->writable)
		return false;
	if (end - flow->got > RING - begin)
		end = flow->got + RING - begin;
	sent = send(flow->to, flow->ring + begin, end - flow->got, MSG_NOSIGNAL);
	if (sent <= 0) {
		stopped(-1, flow, &flow->writable);
		return false;
	}
	flow->got += (uint64_t)sent;
	while (flow->mark_got != flow->mark_put &&
	       flow->marks[flow->mark_got % MARKS].end <= flow->got)
		flow->mark_got++;
	return true;
}

static bool move(struct flow *flow, unsigned lane)
{
	bool moved = false;

	if (flow->over)
		return false;
	if (paced) {
		moved = take_in(flow, lane);
		moved |= let_out(flow);
	} else {
		moved = splice_some(flow, lane);
	}
	if (flow->eof && !flow->over && !flow->in_pipe && flow->put == flow->got) {
		shutdown(flow->to, SHUT_WR);
		flow->over = true;
	}
	return moved;
}

/* ---- connections ------------------------------------------------------------------------ */

static socklen_t address_of(const char *text, struct sockaddr_storage *address)
{
	struct sockaddr_in *in = (struct sockaddr_in *)address;
	struct sockaddr_un *un = (struct sockaddr_un *)address;
	const char *colon = strchr(text, ':');
	char host[INET_ADDRSTRLEN] = "127.0.0.1";

	memset(address, 0, sizeof(*address));
	if (*text == '/') {
		un->sun_family = AF_UNIX;
		snprintf(un->sun_path, sizeof(un->sun_path), "%s", text);
		return sizeof(*un);
	}
	in->sin_family = AF_INET;
	if (colon)
		snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
	in->sin_port = htons((uint16_t)strtoul(colon ? colon + 1 : text, NULL, 10));
	if (inet_pton(AF_INET, host, &in->sin_addr) != 1)
		die(text);
	return sizeof(*in);
}

static int reach(const char *where)
{
	struct sockaddr_storage address;
	socklen_t length = address_of(where, &address);
	int fd = socket(address.ss_family, SOCK_STREAM, 0), one = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, length)) {
		close(fd);
		return -1;
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static void prepare(struct flow *flow, int from, int to)
{
	memset(flow, 0, sizeof(*flow));
	flow->from = from;
	flow->to = to;
	flow->readable = flow->writable = true;
	if (paced) {
		flow->ring = mmap(NULL, RING, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (flow->ring == MAP_FAILED)
			die("no memory");
	} else if (pipe2(flow->pipe, O_NONBLOCK) || fcntl(flow->pipe[1], F_SETPIPE_SZ, PIPE) < 0) {
		die("no pipe");
	}
}

static void begin(int client, const char *where)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET };
	int server = reach(where), one = 1;
	unsigned i = 0;

	while (i < CONNECTIONS && connections[i].used)
		i++;
	if (server < 0 || i == CONNECTIONS) {
		close(client);
		close(server);
		return;
	}
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	connections[i].used = true;
	prepare(&connections[i].flows[0], client, server);
	prepare(&connections[i].flows[1], server, client);
	event.data.u32 = i * 2;
	epoll_ctl(loop, EPOLL_CTL_ADD, client, &event);
	event.data.u32 = i * 2 + 1;
	epoll_ctl(loop, EPOLL_CTL_ADD, server, &event);
}

static void finish(struct connection *connection)
{
	for (unsigned i = 0; i < 2; i++) {
		struct flow *flow = &connection->flows[i];

		close(flow->from);
		if (flow->ring) {
			munmap(flow->ring, RING);
		} else {
			close(flow->pipe[0]);
			close(flow->pipe[1]);
		}
	}
	connection->used = false;
}

/* Until nothing moves. */
static void move_all(void)
{
	bool moved = true;

	while (moved) {
		moved = false;
		wake = UINT64_MAX;
		for (unsigned i = 0; i < CONNECTIONS; i++) {
			struct connection *connection = &connections[i];

			if (!connection->used)
				continue;
			moved |= move(&connection->flows[0], 0);
			moved |= move(&connection->flows[1], 1);
			if (connection->flows[0].over && connection->flows[1].over)
				finish(connection);
		}
	}
}

/* ---- all of it ------------------------------------------------------------------------------ */

enum { LISTENER = CONNECTIONS * 2, SIGNALS };

static void wait_for(int descriptor, unsigned number)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = number };

	if (descriptor < 0 || epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event))
		die("cannot wait");
}

static int listen_at(const char *where)
{
	struct sockaddr_storage address;
	socklen_t length = address_of(where, &address);
	int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) || listen(fd, CONNECTIONS))
		die(where);
	return fd;
}

/* False when it is to end. */
static bool take_event(const struct epoll_event *event, int listener, const char *where)
{
	struct connection *connection = &connections[event->data.u32 / 2 % CONNECTIONS];
	unsigned side = event->data.u32 % 2;
	int client;

	if (event->data.u32 == SIGNALS)
		return false;
	if (event->data.u32 == LISTENER) {
		client = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
		if (client >= 0)
			begin(client, where);
		return true;
	}
	if (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP))
		connection->flows[side].readable = true;
	if (event->events & (EPOLLOUT | EPOLLHUP | EPOLLERR))
		connection->flows[!side].writable = true;
	return true;
}

static void run(int listener, const char *where)
{
	for (;;) {
		struct epoll_event events[CONNECTIONS];
		struct timespec pause = { 0 };
		uint64_t time;
		int count;

		move_all();
		time = now();
		if (wake != UINT64_MAX && wake > time)
			pause = (struct timespec){ (time_t)((wake - time) / SECOND),
						   (long)((wake - time) % SECOND) };
		count = epoll_pwait2(loop, events, CONNECTIONS, wake == UINT64_MAX ? NULL : &pause,
				     NULL);
		for (int i = 0; i < count; i++)
			if (!take_event(&events[i], listener, where))
				return;
	}
}

int main(int argc, char **argv)
{
	sigset_t ends;
	int i = 1, listener;

	for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!strncmp(argv[i], "--delay=", 8))
			delay = strtoull(argv[i] + 8, NULL, 10) * 1000000;
		else if (!strncmp(argv[i], "--rate=", 7))
			rate = strtoull(argv[i] + 7, NULL, 10);
		else
			break;
	}
	if (argc - i != 2) {
		fputs("usage: line [--delay=MILLISECONDS] [--rate=BYTES] LISTEN CONNECT\n", stderr);
		return 2;
	}
	paced = delay || rate;
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	loop = epoll_create1(EPOLL_CLOEXEC);
	listener = listen_at(argv[i]);
	wait_for(listener, LISTENER);
	wait_for(signalfd(-1, &ends, SFD_CLOEXEC), SIGNALS);
	puts("ready");
	fflush(stdout);
	run(listener, argv[i + 1]);
	printf("%llu %llu\n", (unsigned long long)lanes[0].bytes,
	       (unsigned long long)lanes[1].bytes);
	return 0;
}
