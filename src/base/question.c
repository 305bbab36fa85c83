// SPDX-License-Identifier: GPL-2.0-or-later
/* A question that may never be answered, asked by another process. */
#include "base/question.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct question {
	struct question_options options;
	pid_t pid;
	int pipe;
	char *answer; /* what has come: a size_t with the length, then as many bytes */
	size_t length;
	sd_event_source *output, *timer;
};

/* Runs in the new process. */
static void __attribute__((noreturn)) run(const struct question_options *options, int pipe)
{
	size_t length = 0, sent = 0, all;
	char *bytes, *answer;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* A process that is left behind must not keep our sockets and locks open. */
	dup2(pipe, STDIN_FILENO);
	close_range(STDIN_FILENO + 1, ~0U, 0);
	bytes = options->ask(options->subject, &length);
	all = sizeof(length) + length;
	answer = memory_zero(all, 1);
	memcpy(answer, &length, sizeof(length));
	if (length)
		memcpy(answer + sizeof(length), bytes, length);
	while (sent < all) {
		ssize_t written = write(STDIN_FILENO, answer + sent, all - sent);

		if (written < 0 && errno != EINTR)
			_exit(1);
		sent += written > 0 ? (size_t)written : 0;
	}
	_exit(0);
}

static void tell(struct question *question, int error)
{
	const struct question_options options = question->options;
	const size_t head = sizeof(size_t);

	sd_event_source_set_enabled(question->output, SD_EVENT_OFF);
	sd_event_source_set_enabled(question->timer, SD_EVENT_OFF);
	options.answered(options.user, error ? NULL : question->answer + head,
			 error ? 0 : question->length - head, error);
}

static bool is_complete(const struct question *question)
{
	size_t expected;

	if (question->length < sizeof(expected))
		return false;
	memcpy(&expected, question->answer, sizeof(expected));
	return question->length - sizeof(expected) == expected;
}

static int on_output(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct question *question = user;
	char buffer[16384];
	ssize_t length = read(fd, buffer, sizeof(buffer));

	(void)source, (void)events;
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (length > 0) {
		question->answer = memory_resize(question->answer,
						 question->length + (size_t)length, 1);
		memcpy(question->answer + question->length, buffer, (size_t)length);
		question->length += (size_t)length;
	} else {
		tell(question, is_complete(question) ? 0 : EPIPE);
	}
	return 0;
}

static int on_limit(sd_event_source *source, uint64_t now, void *user)
{
	(void)source, (void)now;
	tell(user, ETIMEDOUT);
	return 0;
}

/* Returns 0, or -errno. */
static int spawn(struct question *question)
{
	int ends[2];
	int r = 0;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	question->pid = fork();
	if (question->pid == 0)
		run(&question->options, ends[1]);
	if (question->pid < 0)
		r = -errno;
	close(ends[1]);
	question->pipe = ends[0];
	return r;
}

int question_start(sd_event *event, const struct question_options *options,
		   struct question **result)
{
	struct question *question = memory_zero(1, sizeof(*question));
	int r;

	*question = (struct question){ .options = *options, .pid = -1, .pipe = -1 };
	r = spawn(question);
	if (r == 0)
		r = sd_event_add_io(event, &question->output, question->pipe, EPOLLIN, on_output,
				    question);
	if (r >= 0)
		r = sd_event_add_time_relative(event, &question->timer, CLOCK_MONOTONIC,
					       options->limit, 0, on_limit, question);
	if (r < 0) {
		question_free(question);
		return r;
	}
	*result = question;
	return 0;
}

void question_free(struct question *question)
{
	if (!question)
		return;
	sd_event_source_disable_unref(question->output);
	sd_event_source_disable_unref(question->timer);
	if (question->pipe >= 0)
		close(question->pipe);
	if (question->pid > 0) {
		kill(question->pid, SIGKILL); /* takes effect when the disk answers */
		/* One that has answered is just ending. */
		waitpid(question->pid, NULL, is_complete(question) ? 0 : WNOHANG);
	}
	free(question->answer);
	free(question);
}
