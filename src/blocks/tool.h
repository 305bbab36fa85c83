/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that reads a file system, run by the process that looks into a piece. */
#ifndef P2VD_TOOL_H
#define P2VD_TOOL_H

#include "blocks/inspection.h"

#include <stdio.h>
#include <sys/types.h>

struct tool {
	const char *name;
	FILE *out; /* what it writes to standard output */
	int error; /* a nameless file that standard error goes to */
	pid_t pid;
	char *line;  /* what tool_line() read last; "" before that */
	size_t room;
};

/* A device with the piece's bytes, which cannot be opened for writing (broker.h). */
#define TOOL_DEVICE 32
int tool_device(const struct inspection *inspection, char device[static TOOL_DEVICE],
		char **reason);

/* Starts it, searched for in PATH. Returns 0, or -errno and a reason. The caller calls
 * tool_end() after a success. */
int tool_start(struct tool *tool, const char *const *argv, char **reason);

/* The next line of what it writes, without the newline; NULL at the end. Valid until the next
 * call. */
char *tool_line(struct tool *tool);

/*
 * Waits for its end. Returns 0 if its exit code is 0 and it has not written to standard error.
 * @forgiven: parts of lines, up to a NULL, that do not count there; after one of them, an exit code
 * of 1 does not count either. NULL: there are none.
 */
int tool_end(struct tool *tool, const char *const *forgiven, char **reason);

/* A line that the caller does not understand: ends the tool and refuses. */
int tool_nonsense(struct tool *tool, char **reason);

#endif
