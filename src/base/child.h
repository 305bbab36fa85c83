/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Child processes: spawned without a shell, watched by the event loop, ended
 * with their parent.
 *
 * A child gets
 * - /dev/null as standard input,
 * - no descriptors but standard input, output and error,
 * - a session and a process group of its own,
 * - SIGTERM if p2vd dies (PR_SET_PDEATHSIG).
 */
#ifndef P2VD_CHILD_H
#define P2VD_CHILD_H

#include <stddef.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

struct child;

struct child_options {
	const char *const *argv; /* argv[0] is searched for in PATH */
	char *const *environment; /* "NAME=value" beside ours, or in their place; or NULL */
	const char *disk; /* the path of the disk that it reads, for messages, or NULL */
	/* Gets what the child writes to standard output and error, as it comes; or line() gets
	 * each line of it (lines.h). Both NULL: the output goes to /dev/null. */
	void (*output)(void *user, const char *data, size_t length);
	void (*line)(void *user, const char *line);
	/* The last call: the child has ended, and all its output was handed over. @status
	 * is that of waitpid(2). The callback may free the child. */
	void (*ended)(void *user, int status);
	void *user;
};

/*
 * Starts a child. Returns 0 and the child in @child (the caller calls
 * child_free()), or -errno and a sentence in @reason. A failed exec(3) is
 * returned in this way, too.
 */
int child_start(sd_event *event, const struct child_options *options, struct child **child,
		char **reason);

pid_t child_pid(const struct child *child);

/*
 * Frees @child; no callback is called any more. NULL is fine.
 *
 * If the process still runs, it is ended with all of its group, by the event loop: SIGTERM,
 * SIGKILL after 2 s. If it has not ended 2 s later, a dead disk blocks it, and it is left
 * behind with a warning. If the process has ended by itself, what it left running
 * is meant to go on and is not ended.
 */
void child_free(struct child *child);

/* Waits until all that child_free() ends have ended. To be called when the event loop is over,
 * before it is freed. */
void children_end(void);

/* "exit status 3", "signal 9 (Killed)". The caller frees. */
char *child_status_text(int status);

#endif
