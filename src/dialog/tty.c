// SPDX-License-Identifier: GPL-2.0-or-later
/* The terminal that the person sits at. */
#include "dialog/tty.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <ctype.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>

/* Milliseconds for an answer: at 9600 bit/s it takes some ten, but lines may be long. */
#define PATIENCE 2000
#define LARGEST 999

/* To the last column and row, where does that lead?, and back: the answer is CSI row;column R. */
static const char question[] = "\0337\033[999;999H\033[6n\0338";

static int take(const char *path, char **reason)
{
	AUTO_CLOSE int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return REFUSE(reason, errno, "cannot open the terminal '%s': %s", path,
			      strerror(errno));
	/* Both fail where the caller has done it already. */
	(void)setsid();
	(void)ioctl(fd, TIOCSCTTY, 0);
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		if (dup2(fd, i) < 0)
			return REFUSE(reason, errno, "cannot use the terminal '%s': %s", path,
				      strerror(errno));
	return 0;
}

static long now(void)
{
	struct timespec time = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Reads up to an R. What a person types meanwhile is lost. */
static void read_answer(char *answer, size_t size)
{
	long end = now() + PATIENCE;
	size_t length = 0;

	while (length + 1 < size && (!length || answer[length - 1] != 'R')) {
		struct pollfd poller = { .fd = STDIN_FILENO, .events = POLLIN };
		long left = end - now();

		if (left <= 0 || poll(&poller, 1, (int)left) <= 0 ||
		    read(STDIN_FILENO, &answer[length], 1) != 1)
			break;
		length++;
	}
	answer[length] = '\0';
}

static void ask_size(struct winsize *size)
{
	struct termios before, raw;
	char answer[64] = "";
	const char *start;
	unsigned rows, columns;

	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return;
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	if (write(STDOUT_FILENO, question, sizeof(question) - 1) == sizeof(question) - 1)
		read_answer(answer, sizeof(answer));
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	start = strrchr(answer, '\033');
	if (!start || sscanf(start, "\033[%3u;%3uR", &rows, &columns) != 2 || !rows || !columns ||
	    rows > LARGEST || columns > LARGEST)
		return;
	size->ws_row = (unsigned short)rows;
	size->ws_col = (unsigned short)columns;
}

bool tty_is_screen(const char *path)
{
	static const char prefix[] = "/dev/tty";

	return text_begins(path, prefix) && isdigit((unsigned char)path[strlen(prefix)]);
}

int tty_open(const char *path, char **reason)
{
	int r = path ? take(path, reason) : 0;

	if (r < 0)
		return r;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return REFUSE(reason, ENOTTY,
			      "standard input and output are no terminal: name one, as in 'p2v-console /dev/ttyS0'");
	if (path)
		setenv("TERM", tty_is_screen(path) ? "linux" : "vt220", false);
	return 0;
}

struct tty_size tty_size(void)
{
	const char *type = getenv("TERM");
	struct winsize size = { 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	if (!size.ws_row || !size.ws_col) {
		if (type && strcmp(type, "dumb") != 0)
			ask_size(&size);
		if (!size.ws_row || !size.ws_col)
			size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
		ioctl(STDOUT_FILENO, TIOCSWINSZ, &size);
	}
	return (struct tty_size){ .columns = size.ws_col, .rows = size.ws_row };
}
