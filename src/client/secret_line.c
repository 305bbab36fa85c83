// SPDX-License-Identifier: GPL-2.0-or-later
/* A secret that a person types, or that a script writes to our standard input. */
#include "client/secret_line.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/text.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>

/* Whether there is something to read before a signal of @signals comes. */
static bool wait_for_line(const sigset_t *signals)
{
	AUTO_CLOSE int signal = signalfd(-1, signals, SFD_CLOEXEC);
	struct pollfd waits[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = signal, .events = POLLIN },
	};

	/* A stopped process that goes on has an EINTR here. */
	while (poll(waits, 2, -1) < 0 && errno == EINTR)
		;
	errno = EINTR;
	return !waits[1].revents;
}

/* Reads the line that a person types; @shown is the mode of the terminal before. */
static char *read_unseen(const char *prompt, const struct termios *shown)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
	struct termios unseen = *shown;
	sigset_t signals, before;
	char *line = NULL;
	int error;

	/* A line is handed on as a whole, by Enter: signals can be held back until then. */
	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaddset(&signals, ends[i]);
	sigprocmask(SIG_BLOCK, &signals, &before);
	unseen.c_lflag = (unseen.c_lflag & ~(tcflag_t)ECHO) | ECHONL | ICANON;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
	fputs(prompt, stderr);
	fflush(stderr);
	if (wait_for_line(&signals))
		line = file_read_line(STDIN_FILENO, SECRET_LINE_MOST);
	error = line ? 0 : errno;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, shown);
	sigprocmask(SIG_SETMASK, &before, NULL); /* the signal that came acts here */
	errno = error;
	return line;
}

char *secret_line(const char *prompt, char **reason)
{
	struct termios shown;
	char *line = tcgetattr(STDIN_FILENO, &shown) < 0 ?
			     file_read_line(STDIN_FILENO, SECRET_LINE_MOST) :
			     read_unseen(prompt, &shown);

	if (!line && errno == EFBIG)
		*reason = text_format("the line on standard input is longer than %d bytes",
				      SECRET_LINE_MOST);
	else if (!line)
		*reason = text_format("cannot read a line from standard input: %s",
				      strerror(errno));
	return line;
}
