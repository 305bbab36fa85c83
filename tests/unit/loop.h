/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event loop that a test runs until what it waits for has happened. */
#ifndef TESTS_LOOP_H
#define TESTS_LOOP_H

#include <err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#define LOOP_UNUSED __attribute__((unused))
#define LOOP_SECONDS 60 /* until a test gives up: the machine may have much else to do */

static LOOP_UNUSED sd_event *loop_new(void)
{
	sd_event *event = NULL;

	if (sd_event_new(&event) < 0)
		errx(1, "no event loop");
	return event;
}

/* Runs until *@done. Returns whether that came in time. */
static LOOP_UNUSED bool loop_until(sd_event *event, const bool *done)
{
	time_t limit = time(NULL) + LOOP_SECONDS;

	while (!*done && time(NULL) < limit)
		sd_event_run(event, 100000);
	return *done;
}

/* Runs for a while in which nothing is to happen. */
static LOOP_UNUSED void loop_idle(sd_event *event)
{
	for (unsigned i = 0; i < 10; i++)
		sd_event_run(event, 20000);
}

/* Whether @function ends its process by an assert(). It runs in a process of its own. */
static LOOP_UNUSED bool loop_asserts(void (*function)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		function();
		_exit(0);
	}
	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	       WTERMSIG(status) == SIGABRT;
}

#endif
