// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is wrong with a disk that was there at the start.
 *
 * A read from a dying disk may take minutes or never return, and no signal ends it.
 * So another process reads, which can be left behind. A thread would keep p2vd from
 * ending.
 */
#include "disks/disk.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define ANSWER_SECONDS 30 /* a disk that has stopped needs time to spin up */

struct answer {
	enum { READS, GONE, ENDS_EARLY } kind;
	int error; /* an errno, 0 for no data */
	int64_t end;
};

/* In the new process: nothing here may allocate. */
static struct answer ask(const struct disk *disk)
{
	int fd = open(disk->path, O_RDONLY | O_CLOEXEC);
	struct answer answer = { .kind = GONE, .error = errno };
	char byte;

	if (fd < 0)
		return answer;
	answer = (struct answer){ .kind = READS, .end = lseek(fd, 0, SEEK_END) };
	if (answer.end != (int64_t)disk->size || !disk->size)
		return answer;
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	errno = 0;
	if (pread(fd, &byte, 1, answer.end - 1) != 1)
		answer = (struct answer){ .kind = ENDS_EARLY, .error = errno, .end = answer.end };
	return answer;
}

/* Starts the process that asks. Returns the pipe that the answer comes by, or -errno. */
static int start(const struct disk *disk, pid_t *pid)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	*pid = fork();
	if (*pid == 0) {
		struct answer answer;

		/* A process that is left behind must not keep our sockets and locks open. */
		dup2(ends[1], STDIN_FILENO);
		close_range(STDIN_FILENO + 1, ~0U, 0);
		answer = ask(disk);
		_exit(write(STDIN_FILENO, &answer, sizeof(answer)) != sizeof(answer));
	}
	close(ends[1]);
	if (*pid > 0)
		return ends[0];
	close(ends[0]);
	return -EAGAIN;
}

static char *explain(const struct disk *disk, const struct answer *answer)
{
	const char *why = answer->error ? strerror(answer->error) : "no data";

	if (answer->kind == GONE)
		return text_format("the disk '%s' is gone: %s", disk->path, why);
	if (answer->end != (int64_t)disk->size)
		return text_format("the disk '%s' has %" PRId64
				   " bytes now, at the start it had %" PRIu64
				   ": it was pulled or changed",
				   disk->path, answer->end, disk->size);
	if (answer->kind == ENDS_EARLY)
		return text_format("the disk '%s' cannot be read to its end: %s", disk->path, why);
	return NULL;
}

char *disk_trouble(const struct disk *disk)
{
	struct answer answer;
	pid_t pid = -1;
	AUTO_CLOSE int pipe = start(disk, &pid);
	struct pollfd answered = { .fd = pipe, .events = POLLIN };

	if (pipe < 0)
		return text_format("the disk '%s' cannot be checked: %s", disk->path,
				   strerror(-pipe));
	if (poll(&answered, 1, ANSWER_SECONDS * 1000) <= 0) {
		kill(pid, SIGKILL); /* takes effect when the disk answers */
		return text_format("the disk '%s' does not answer: nothing could be read for %d s",
				   disk->path, ANSWER_SECONDS);
	}
	if (read(pipe, &answer, sizeof(answer)) != sizeof(answer))
		answer = (struct answer){ .kind = GONE, .error = EIO };
	/* For 100 ms at most: closing the disk may take for ever, too. */
	for (int i = 0; i < 100 && !waitpid(pid, NULL, WNOHANG); i++)
		usleep(1000);
	return explain(disk, &answer);
}
