// SPDX-License-Identifier: GPL-2.0-or-later
/* Processes of our own that do one thing each, beside each other. */
#include "bmc/crew.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#define ANSWER_MOST 4096 /* bytes; less than a pipe holds, so that nobody waits for us */

struct crew {
	struct hand {
		pid_t pid;
		int pipe;
		crew_work_t work;
		size_t index;
	} *hand;
	size_t count;
};

struct crew *crew_new(void)
{
	return memory_zero(1, sizeof(struct crew));
}

unsigned crew_size(const struct crew *crew)
{
	return (unsigned)crew->count;
}

static void __attribute__((noreturn)) do_work(crew_work_t work, void *user, size_t index, int pipe)
{
	char *sentence = NULL;
	char answer[ANSWER_MOST] = "";
	int code;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	setsid();
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	code = work(user, index, &sentence);
	snprintf(answer, sizeof(answer), "%d %s", code, sentence ?: "");
	if (write(pipe, answer, strlen(answer)) < 0)
		_exit(1);
	_exit(0);
}

int crew_begin(struct crew *crew, crew_work_t work, void *user, size_t index)
{
	struct hand hand = { .work = work, .index = index };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL); /* what is not written yet would be written twice */
	hand.pid = fork();
	if (hand.pid == 0)
		do_work(work, user, index, ends[1]);
	close(ends[1]);
	hand.pipe = ends[0];
	if (hand.pid < 0) {
		int r = -errno;

		close(ends[0]);
		return r;
	}
	APPEND(crew->hand, crew->count, hand);
	return 0;
}

static void take(struct crew *crew, size_t at, struct crew_result *result)
{
	struct hand *hand = &crew->hand[at];
	char answer[ANSWER_MOST] = "";
	char *end;

	*result = (struct crew_result){ .work = hand->work, .index = hand->index };
	if (file_fill(hand->pipe, answer, sizeof(answer) - 1, NULL) <= 0) {
		result->code = -ECHILD;
		result->sentence = text_copy("the process that spoke to the BMC has ended early");
	} else {
		result->code = (int)strtol(answer, &end, 10);
		if (*end == ' ' && end[1])
			result->sentence = text_copy(end + 1);
	}
	close(hand->pipe);
	TEMP_FAILURE_RETRY(waitpid(hand->pid, NULL, 0));
	*hand = crew->hand[--crew->count];
}

bool crew_wait(struct crew *crew, int milliseconds, struct crew_result *result)
{
	AUTO_FREE struct pollfd *polled = memory_zero(crew->count + 1, sizeof(*polled));

	for (size_t i = 0; i < crew->count; i++)
		polled[i] = (struct pollfd){ .fd = crew->hand[i].pipe, .events = POLLIN };
	if (poll(polled, crew->count, milliseconds) <= 0)
		return false;
	for (size_t i = 0; i < crew->count; i++)
		if (polled[i].revents) {
			take(crew, i, result);
			return true;
		}
	return false;
}

void crew_free(struct crew *crew)
{
	if (!crew)
		return;
	for (size_t i = 0; i < crew->count; i++) {
		kill(crew->hand[i].pid, SIGTERM);
		close(crew->hand[i].pipe);
		TEMP_FAILURE_RETRY(waitpid(crew->hand[i].pid, NULL, 0));
	}
	free(crew->hand);
	free(crew);
}
