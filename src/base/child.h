/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Child processes: spawned without a shell, watched by the event loop, ended
 * with their parent.
 *
 * A child gets /dev/null as standard input unless it has a terminal, no
 * descriptor but the three, a session and a process group of its own, and
 * SIGTERM should p2vd die (PR_SET_PDEATHSIG).
 */
#ifndef P2VD_CHILD_H
#define P2VD_CHILD_H

#include <stddef.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

struct child;

struct child_options {
	const char *const *argv; /* argv[0] is looked for in PATH */
	char *const *environment; /* "NAME=value" added to ours, or NULL */
	const char *disk; /* the path of the disk that it reads, for messages, or NULL */
	const char
		*terminal; /* becomes its controlling terminal and its three descriptors, or NULL */
	/* What the child writes, as it comes (stdout and stderr together); NULL
	 * sends it to /dev/null. */
	void (*output)(void *user, const char *data, size_t length);
	/* The child has ended and all its output was handed over; the last call.
	 * @status as waitpid(2) gives it. The child may be freed in it. */
	void (*ended)(void *user, int status);
	void *user;
};

/*
 * Starts a child. Returns 0 and the child in @child (child_free() it), or
 * -errno, when exec(3) failed too, with a sentence in @reason.
 */
int child_start(sd_event *event, const struct child_options *options, struct child **child,
		char **reason);

pid_t child_pid(const struct child *child);

/* Tells the process and its group to end (SIGTERM), and does not wait: for
 * several children, so that they take their time together. NULL is fine. */
void child_stop(struct child *child);

/*
 * Ends the process, if it still runs, with all of its group: SIGTERM, and
 * SIGKILL after a grace of 2 s. Waits for it for 2 s more; one that a dead disk
 * holds is left behind with a warning. What a process that ended by itself left
 * running, on purpose, goes on. Frees; no callback comes any more. NULL is fine.
 */
void child_free(struct child *child);

/* "exit status 3", "signal 9 (Killed)". The caller frees. */
char *child_status_text(int status);

#endif
