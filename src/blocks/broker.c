// SPDX-License-Identifier: GPL-2.0-or-later
/* Who may do what in p2v-map. */
#include "blocks/broker.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "blocks/block_device.h"
#include "blocks/inspection.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOBODY 65534
#define MOST_DEVICES 256

/*
 * A request is numbers: of each segment of a piece its length, its stripe, and how many stripes it
 * has, then where each of these begins.
 */
#define MOST_NUMBERS 8192

struct broker {
	int disk, control; /* control: -1 where no devices can be made */
	int devices[MOST_DEVICES]; /* kept open: a device goes when nobody has it open */
	int count;
};

/* No network, and a /dev of its own. Where that is not allowed, there are no devices. */
static void enter_namespaces(struct broker *broker)
{
	broker->control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC) < 0) {
		unshare(CLONE_NEWUSER | CLONE_NEWNET);
		goto none;
	}
	mount(NULL, "/dev", NULL, MS_PRIVATE, NULL);
	mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL);
	if (mount("tmpfs", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64k") < 0)
		goto none;
	umask(0);
	mknod("/dev/null", S_IFCHR | 0666, makedev(1, 3));
	mknod("/dev/zero", S_IFCHR | 0666, makedev(1, 5));
	umask(022);
	return;
none:
	if (broker->control >= 0)
		close(broker->control);
	broker->control = -1;
}

/* The piece that a request describes. False if it describes none. */
static bool read_request(const uint64_t *number, size_t count, struct piece *piece)
{
	while (count) {
		uint64_t stripes = count < 3 ? 0 : number[2];

		if (!stripes || stripes > count - 3)
			return false;
		piece_add(piece, number[0], number[1], number + 3, stripes);
		piece->size += number[0];
		number += 3 + stripes;
		count -= 3 + stripes;
	}
	return piece->segments;
}

static int make_node(struct broker *broker, const struct piece *piece)
{
	char path[64];
	dev_t number;
	int device, r;

	device = block_device_make(broker->disk, broker->control, "/dev", piece, &number);
	if (device < 0)
		return device;
	snprintf(path, sizeof(path), BROKER_DEVICE "%d", broker->count);
	umask(0);
	r = mknod(path, S_IFBLK | 0666, number) < 0 ? -errno : 0;
	umask(022);
	if (r < 0) {
		close(device);
		return r;
	}
	broker->devices[broker->count] = device;
	return broker->count++;
}

static int make_device(struct broker *broker, const uint64_t *number, size_t count)
{
	struct pieces pieces = { 0 };
	struct piece *piece = pieces_add(&pieces, NULL, 0);
	int r = -EINVAL;

	if (broker->control < 0)
		r = -EPERM;
	else if (broker->count == MOST_DEVICES)
		r = -EMFILE;
	else if (read_request(number, count, piece))
		r = make_node(broker, piece);
	pieces_clear(&pieces);
	return r;
}

int broker_ask(int broker, const struct piece *piece)
{
	AUTO_FREE uint64_t *number = memory_zero(MOST_NUMBERS, sizeof(*number));
	size_t count = 0;
	ssize_t length;
	int answer;

	if (broker < 0)
		return -EPERM;
	for (size_t i = 0; i < piece->segments; i++) {
		const struct segment *segment = piece->segment + i;

		if (segment->stripes + 3 > MOST_NUMBERS - count)
			return -E2BIG;
		number[count++] = segment->length;
		number[count++] = segment->stripe;
		number[count++] = segment->stripes;
		memcpy(number + count, segment->at, segment->stripes * sizeof(*number));
		count += segment->stripes;
	}
	length = (ssize_t)(count * sizeof(*number));
	if (send(broker, number, (size_t)length, MSG_NOSIGNAL) != length ||
	    recv(broker, &answer, sizeof(answer), 0) != sizeof(answer))
		return -EPIPE;
	return answer;
}

static void give_up_rights(void)
{
	AUTO_CLOSE int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	/* Rather this process than one that converts. */
	if (score >= 0 && write(score, "1000", 4) != 4)
		errno = 0;
	if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
			       setresuid(NOBODY, NOBODY, NOBODY) < 0)) {
		/* In a user namespace that has no nobody, root has no rights over devices. */
		if (errno != EINVAL && errno != EPERM)
			_exit(1);
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		_exit(1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	inspection_bound();
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void answer_one(struct broker *broker, int socket)
{
	static uint64_t number[MOST_NUMBERS];
	ssize_t got = recv(socket, number, sizeof(number), MSG_DONTWAIT | MSG_TRUNC);
	int answer = -EINVAL;

	if (got <= 0)
		return;
	if ((size_t)got <= sizeof(number) && (size_t)got % sizeof(*number) == 0)
		answer = make_device(broker, number, (size_t)got / sizeof(*number));
	send(socket, &answer, sizeof(answer), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Answers until the process has ended. Returns false at @deadline. */
static bool serve(struct broker *broker, int socket, int pidfd, int64_t deadline)
{
	for (;;) {
		struct pollfd polled[] = { { .fd = pidfd, .events = POLLIN },
					   { .fd = socket, .events = POLLIN } };
		int64_t left = deadline - now();

		if (left <= 0)
			return false;
		if (poll(polled, 2, left > INT32_MAX ? INT32_MAX : (int)left) < 0)
			continue;
		if (polled[0].revents)
			return true;
		if (polled[1].revents)
			answer_one(broker, socket);
	}
}

int broker_run(int disk, int64_t milliseconds, int (*work)(int disk, int broker, void *user),
	       void *user)
{
	struct broker broker = { .disk = disk };
	int64_t deadline = now() + milliseconds;
	int ends[2], status = 0;
	AUTO_CLOSE int pidfd = -1;
	bool ended;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	enter_namespaces(&broker);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		close(ends[0]);
		if (broker.control >= 0)
			close(broker.control);
		give_up_rights();
		_exit(work(disk, ends[1], user));
	}
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		return -errno;
	ended = serve(&broker, ends[0], pidfd, deadline);
	if (!ended)
		kill(pid, SIGKILL);
	/* A read from a dying disk may keep it from ending: then it is left behind. */
	if (waitpid(pid, &status, ended ? 0 : WNOHANG) <= 0)
		return -ETIMEDOUT;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -ECHILD;
}
