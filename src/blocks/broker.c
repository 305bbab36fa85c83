// SPDX-License-Identifier: GPL-2.0-or-later
/* Who may do what in p2v-map. */
#include "blocks/broker.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "blocks/inspection.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/loop.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
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
#define LOOP_MAJOR 7
#define TRIES 16 /* to get a free loop device, which somebody else may take first */
#define MOST_DEVICES 256

struct request {
	uint64_t offset, size;
};

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

/* Returns a descriptor of the device, which keeps it alive, or -errno. */
static int make_loop(const struct broker *broker, const struct request *request, int *minor)
{
	struct loop_config config = {
		.fd = (uint32_t)broker->disk,
		.info = { .lo_offset = request->offset,
			  .lo_sizelimit = request->size,
			  .lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR },
	};

	for (int i = 0; i < TRIES; i++) {
		AUTO_CLOSE int node = -1;

		*minor = ioctl(broker->control, LOOP_CTL_GET_FREE);
		if (*minor < 0)
			return -errno;
		unlink("/dev/loop");
		if (mknod("/dev/loop", S_IFBLK | 0600, makedev(LOOP_MAJOR, (unsigned)*minor)) < 0)
			return -errno;
		node = open("/dev/loop", O_RDWR | O_CLOEXEC);
		if (node >= 0 && ioctl(node, LOOP_CONFIGURE, &config) == 0) {
			int kept = node;

			node = -1;
			unlink("/dev/loop");
			return kept;
		}
		if (errno != EBUSY)
			return -errno;
	}
	return -EBUSY;
}

static int make_device(struct broker *broker, const struct request *request)
{
	char path[64];
	int minor, loop;

	if (broker->control < 0)
		return -EPERM;
	if (broker->count == MOST_DEVICES)
		return -EMFILE;
	if (!request->size || request->offset > INT64_MAX || request->size > INT64_MAX)
		return -EINVAL;
	loop = make_loop(broker, request, &minor);
	if (loop < 0)
		return loop;
	snprintf(path, sizeof(path), BROKER_DEVICE "%d", broker->count);
	umask(0);
	if (mknod(path, S_IFBLK | 0666, makedev(LOOP_MAJOR, (unsigned)minor)) < 0) {
		close(loop);
		return -errno;
	}
	umask(022);
	broker->devices[broker->count] = loop;
	return broker->count++;
}

int broker_ask(int broker, uint64_t offset, uint64_t size)
{
	const struct request request = { offset, size };
	int answer;

	if (broker < 0)
		return -EPERM;
	if (send(broker, &request, sizeof(request), MSG_NOSIGNAL) != sizeof(request) ||
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

/* Answers until the process has ended. Returns false at @deadline. */
static bool serve(struct broker *broker, int socket, int pidfd, int64_t deadline)
{
	for (;;) {
		struct pollfd polled[] = { { .fd = pidfd, .events = POLLIN },
					   { .fd = socket, .events = POLLIN } };
		int64_t left = deadline - now();
		struct request request;
		ssize_t got;
		int answer;

		if (left <= 0)
			return false;
		if (poll(polled, 2, left > INT32_MAX ? INT32_MAX : (int)left) < 0)
			continue;
		if (polled[0].revents)
			return true;
		if (!polled[1].revents)
			continue;
		got = recv(socket, &request, sizeof(request), MSG_DONTWAIT);
		answer = got == sizeof(request) ? make_device(broker, &request) : -EINVAL;
		if (got > 0)
			send(socket, &answer, sizeof(answer), MSG_NOSIGNAL | MSG_DONTWAIT);
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
