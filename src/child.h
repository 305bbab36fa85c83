/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Child processes: spawned without a shell, watched by the event loop, ended
 * with their parent.
 *
 * A child gets /dev/null as standard input unless it has a terminal, no
 * descriptor but the three, a session of its own, and SIGTERM should p2vd die (PR_SET_PDEATHSIG).
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
	const char *terminal; /* becomes its controlling terminal and its three descriptors, or NULL */
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

/* Ends the process (SIGTERM, and SIGKILL after a grace of 2 s) if it still
 * runs, waits for it, and frees. No callback comes any more. NULL is fine. */
void child_free(struct child *child);

/* "exit status 3", "signal 9 (Killed)". The caller frees. */
char *child_status_text(int status);

#endif
