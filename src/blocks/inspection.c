// SPDX-License-Identifier: GPL-2.0-or-later
/* Looking into one piece of a disk, by a process of its own. */
#include "blocks/inspection.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

/* What comes through the pipe: ranges, and at last one that begins at END. Behind that comes a
 * reason, of @length bytes; none if all went well. */
struct range {
	uint64_t offset, length;
};
#define END UINT64_MAX
#define REASON_MAX 400
#define BUFFER 65536

uint64_t inspection_memory(const char *meminfo)
{
	const char *line = meminfo ? strstr(meminfo, "MemAvailable:") : NULL;
	unsigned long long kib;
	uint64_t half;

	if (!line || sscanf(line, "MemAvailable: %llu kB", &kib) != 1 || kib > UINT32_MAX)
		return INSPECTION_LEAST;
	half = kib * 1024 / 2;
	return half < INSPECTION_LEAST ? INSPECTION_LEAST :
	       half > INSPECTION_MOST  ? INSPECTION_MOST :
					 half;
}

void inspection_bound(void)
{
	AUTO_FREE char *meminfo = sysfs_text("", "proc/meminfo");
	const uint64_t bytes = inspection_memory(meminfo);
	const struct rlimit memory = { bytes, bytes }, none = { 0, 0 };

	setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_CORE, &none);
}

void inspection_used(struct inspection *inspection, uint64_t offset, uint64_t length)
{
	const struct range range = { offset, length };

	if (length && fwrite(&range, sizeof(range), 1, inspection->out) != 1)
		_exit(1); /* nobody listens any more */
}

static void __attribute__((noreturn)) child(struct inspection *inspection,
					    inspect_function *inspect)
{
	AUTO_FREE char *reason = NULL;
	struct range last = { .offset = END };
	int r = inspect(inspection, &reason);

	if (r < 0) {
		last.length = strnlen(reason ?: strerror(-r), REASON_MAX);
		if (!last.length)
			_exit(1);
	}
	if (fwrite(&last, sizeof(last), 1, inspection->out) != 1 ||
	    fwrite(reason ?: strerror(-r), 1, last.length, inspection->out) != last.length ||
	    fflush(inspection->out) != 0)
		_exit(1);
	_exit(0);
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

struct answer {
	const struct piece *piece;
	struct extents *extents;
	int pipe;
	int64_t deadline;
	uint64_t end;
	char *reason; /* why the piece is used wholly */
	char buffer[BUFFER]; /* what has come and is not taken yet */
	size_t at, filled;
};

/* Waits for more bytes, and reads what has come of them. */
static bool fill(struct answer *answer)
{
	for (;;) {
		struct pollfd poll_one = { .fd = answer->pipe, .events = POLLIN };
		int64_t left = answer->deadline - now();
		int ready = left > 0 ?
				    poll(&poll_one, 1, left > INT32_MAX ? INT32_MAX : (int)left) :
				    0;
		ssize_t got;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0) {
			answer->reason =
				text_copy("looking into it took too long (p2v.map_timeout)");
			return false;
		}
		got = read(answer->pipe, answer->buffer, sizeof(answer->buffer));
		if (got < 0 && errno == EINTR)
			continue;
		answer->at = 0;
		answer->filled = got > 0 ? (size_t)got : 0;
		return got > 0;
	}
}

/* Takes exactly @length bytes. */
static bool read_bytes(struct answer *answer, char *to, size_t length)
{
	while (length) {
		size_t some = answer->filled - answer->at;

		if (!some) {
			if (!fill(answer))
				return false;
			continue;
		}
		if (some > length)
			some = length;
		memcpy(to, answer->buffer + answer->at, some);
		answer->at += some;
		to += some;
		length -= some;
	}
	return true;
}

static void read_reason(struct answer *answer, uint64_t length)
{
	char text[REASON_MAX + 1] = "";

	if (length > REASON_MAX || !read_bytes(answer, text, length))
		return;
	text_make_plain(text);
	answer->reason = text_copy(text);
}

/* True when all has come. */
static bool read_ranges(struct answer *answer)
{
	struct range range;

	while (read_bytes(answer, (char *)&range, sizeof(range))) {
		if (range.offset == END && !range.length)
			return true;
		if (range.offset == END) {
			read_reason(answer, range.length);
			return false;
		}
		if (range.offset < answer->end || range.offset > answer->piece->size ||
		    range.length > answer->piece->size - range.offset) {
			answer->reason =
				text_copy("what the process that looked into it told makes no sense");
			return false;
		}
		answer->end = range.offset + range.length;
		piece_used(answer->piece, answer->extents, range.offset, range.length);
	}
	return false;
}

/* A read from a dying disk may keep it from ending: then it is left behind. */
static void end(pid_t pid, struct answer *answer, bool complete)
{
	int status = 0;

	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
	for (int i = 0; i < 100; i++) {
		if (waitpid(pid, &status, WNOHANG) != 0)
			break;
		poll(NULL, 0, 10);
	}
	if (!complete && !answer->reason)
		answer->reason =
			WIFSIGNALED(status) ?
				text_format("the process that looked into it has crashed (%s)",
					    strsignal(WTERMSIG(status))) :
				text_copy("the process that looked into it has failed");
}

static pid_t start(const struct piece *piece, int disk, int broker, inspect_function *inspect,
		   const int ends[2])
{
	pid_t pid = fork();
	struct inspection inspection = { .piece = piece, .disk = disk, .broker = broker };
	AUTO_FREE char *buffer = NULL;

	if (pid != 0)
		return pid;
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(ends[0]);
	inspection.out = fdopen(ends[1], "w");
	if (!inspection.out)
		_exit(1);
	buffer = memory_zero(1, BUFFER);
	setvbuf(inspection.out, buffer, _IOFBF, BUFFER);
	child(&inspection, inspect);
}

static char *no_process(int error)
{
	return text_format("no process to look into it could be started: %s", strerror(error));
}

void inspection_run(struct piece *piece, int disk, int broker, inspect_function *inspect,
		    int64_t milliseconds, struct extents *extents)
{
	struct answer answer = { .piece = piece, .extents = extents };
	int ends[2];
	pid_t pid = -1;
	bool complete = false;

	answer.deadline = now() + milliseconds;
	if (pipe2(ends, O_CLOEXEC) == 0) {
		pid = start(piece, disk, broker, inspect, ends);
		if (pid < 0)
			answer.reason = no_process(errno);
		close(ends[1]);
		answer.pipe = ends[0];
		if (pid > 0) {
			complete = read_ranges(&answer);
			end(pid, &answer, complete);
		}
		close(ends[0]);
	} else {
		answer.reason = no_process(errno);
	}
	if (!complete) {
		piece_wholly(piece, answer.reason);
		piece_used(piece, extents, 0, piece->size);
	}
	free(answer.reason);
}
