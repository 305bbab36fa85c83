// SPDX-License-Identifier: GPL-2.0-or-later
/* A terminal: text is written without waiting, keys are read. */
#include "terminal/terminal.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/paragraph.h"
#include "base/text.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>

#define QUEUE_MOST (64U << 10)         /* bytes; some 800 lines, a minute at 9600 baud */
#define MESSAGE_MOST (16 << 10) /* bytes; even if each word gets a line, the queue holds it */
#define PLAIN_MICROSECONDS 30000000ULL /* between two status lines where none can be redrawn */
#define LAST_MICROSECONDS 500000 /* at most, to write the rest of the queue at the end */
#define STEP_MICROSECONDS 10000
#define DEFAULT_COLUMNS 80

struct terminal {
	sd_event *event;
	sd_event_source *source; /* NULL for a regular file, to which one can always write */
	char *path; /* NULL for standard error */
	int fd; /* -1 between terminal_let_go() and terminal_take_back() */
	bool redraws, listens, lent;
	struct termios saved;
	void (*pressed)(void *user, char key);
	void *user;

	char queue[QUEUE_MOST];
	size_t queued;
	unsigned left_out; /* the number of messages that did not fit into the queue */

	char *const *status;
	bool status_due; /* the status is to be drawn when the queue is empty */
	unsigned drawn; /* status lines on the screen, once the queue is written */
	uint64_t plain_due; /* when the next plain status line is due, in microseconds */
};

/* ---- writing ------------------------------------------------------------- */

/* Watches only for the events that are needed: a terminal that hung up would
 * report others without end. */
static void watch(struct terminal *terminal)
{
	uint32_t events = (terminal->listens ? EPOLLIN : 0U) | (terminal->queued ? EPOLLOUT : 0U);

	if (!terminal->source)
		return;
	sd_event_source_set_io_events(terminal->source, events);
	sd_event_source_set_enabled(terminal->source, events ? SD_EVENT_ON : SD_EVENT_OFF);
}

/* Like write(2), but does not wait for a socket either. */
static ssize_t write_some(int fd, const char *text, size_t length)
{
	ssize_t r = send(fd, text, length, MSG_DONTWAIT | MSG_NOSIGNAL);

	return r < 0 && errno == ENOTSOCK ? write(fd, text, length) : r;
}

/* Writes as much of the queue as the terminal accepts now. */
static void write_queue(struct terminal *terminal)
{
	size_t done = 0;

	while (done < terminal->queued) {
		ssize_t r = write_some(terminal->fd, terminal->queue + done,
				       terminal->queued - done);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && errno == EAGAIN)
			break;
		/* After an error nobody can read the text: drop it. */
		done = r > 0 ? done + (size_t)r : terminal->queued;
	}
	terminal->queued -= done;
	memmove(terminal->queue, terminal->queue + done, terminal->queued);
	watch(terminal);
}

/* Writes all of @text, now or later. Returns false, and writes nothing, if the
 * queue has no room for it. */
static bool put(struct terminal *terminal, const char *text)
{
	size_t length = strlen(text);
	bool waits = terminal->queued;

	if (length > QUEUE_MOST - terminal->queued)
		return false;
	memcpy(terminal->queue + terminal->queued, text, length);
	terminal->queued += length;
	if (!waits)
		write_queue(terminal);
	return true;
}

/* ---- messages and status ------------------------------------------------- */

/* The escape sequence that erases the status area. The caller frees. */
static char *erasure(const struct terminal *terminal)
{
	return terminal->drawn ? text_format("\033[%uA\r\033[J", terminal->drawn) : text_copy("");
}

/* The width of the terminal; 0 if it is unknown, as on a serial line. */
static int columns(const struct terminal *terminal)
{
	struct winsize size = { 0 };

	return ioctl(terminal->fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

/* The start of @line that fits in @width bytes; no UTF-8 character is cut. */
static char *fitting(const char *line, int width)
{
	size_t length = strnlen(line, (size_t)width);

	while (length && (line[length] & 0xc0) == 0x80)
		length--;
	return text_copy_length(line, length);
}

/* Not more of @line than MESSAGE_MOST. The caller frees. */
static char *shortened(const char *line)
{
	AUTO_FREE char *start = fitting(line, MESSAGE_MOST);

	return text_format("%s%s", start, line[strlen(start)] ? " ..." : "");
}

/* @line broken at blanks, so that no word is cut at the edge of the screen. On a
 * serial line it stays whole, for programs that look for a sentence there. */
static char *folded(const struct terminal *terminal, const char *line)
{
	const int width = columns(terminal);
	AUTO_LIST char **parts = width ? paragraph_lines(line, (size_t)width - 1) : NULL;

	return parts ? list_join(parts, "\r\n") : text_copy(line);
}

/* Draws the status area over the one before. Where nothing can be redrawn, prints
 * it every PLAIN_MICROSECONDS. Waits until the queue is empty: a status in the
 * queue would be out of date when it is written. */
static void draw_status(struct terminal *terminal)
{
	AUTO_LIST char **parts = NULL;
	AUTO_FREE char *text = NULL;
	const int width = columns(terminal);
	unsigned count = 0;
	uint64_t now = 0;

	terminal->status_due = terminal->queued;
	if (terminal->status_due)
		return;
	sd_event_now(terminal->event, CLOCK_MONOTONIC, &now);
	if (!terminal->redraws && now < terminal->plain_due)
		return;
	list_append(&parts, erasure(terminal));
	for (char *const *line = terminal->status; line && *line; line++, count++) {
		list_append(&parts, terminal->redraws ?
					    fitting(*line, (width ? width : DEFAULT_COLUMNS) - 1) :
					    text_copy(*line));
		list_append(&parts, text_copy(terminal->redraws ? "\r\n" : "\n"));
	}
	text = list_join(parts, "");
	if (put(terminal, text))
		terminal->drawn = terminal->redraws ? count : 0;
	if (count)
		terminal->plain_due = now + PLAIN_MICROSECONDS;
}

/* Puts a message above the status area. Returns false if the queue is full. What no queue could
 * ever hold is cut. */
static bool put_message(struct terminal *terminal, const char *line)
{
	AUTO_FREE char *erase = erasure(terminal), *cut = shortened(line);
	AUTO_FREE char *lines = terminal->redraws ? folded(terminal, cut) : text_copy(cut);
	AUTO_FREE char *text = text_format("%s%s%s", erase, lines,
					   terminal->redraws ? "\r\n" : "\n");

	if (!put(terminal, text))
		return false;
	terminal->drawn = 0;
	return true;
}

void terminal_message(struct terminal *terminal, const char *line)
{
	if (terminal->lent)
		return;
	/* After a message was left out, leave out all others, until the user is told so. */
	if (terminal->left_out || !put_message(terminal, line))
		terminal->left_out++;
	if (terminal->redraws)
		draw_status(terminal);
}

void terminal_status(struct terminal *terminal, char *const *lines)
{
	terminal->status = lines;
	if (!terminal->lent)
		draw_status(terminal);
}

/* Called when the terminal accepts text again and the queue has become empty. */
static void catch_up(struct terminal *terminal)
{
	AUTO_FREE char *line = NULL;

	if (terminal->left_out) {
		line = text_format("p2vd: %u messages are missing here, this terminal was stopped or too slow",
				   terminal->left_out);
		terminal->left_out = 0;
		put_message(terminal, line);
		terminal->status_due = true;
	}
	if (terminal->status_due)
		draw_status(terminal);
}

/* ---- the device ---------------------------------------------------------- */

/* @raw: each key is read at once and is not echoed. Else the mode is as we found
 * it, which is what other programs need. */
static void set_raw(struct terminal *terminal, bool raw)
{
	struct termios mode = terminal->saved;

	if (raw)
		mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(terminal->fd, TCSANOW, &mode);
}

static void take_key(struct terminal *terminal)
{
	char key;
	ssize_t length = read(terminal->fd, &key, 1);

	if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)) {
		terminal->listens = false; /* the terminal has hung up */
		watch(terminal);
	} else if (length == 1) {
		terminal->pressed(terminal->user, key);
	}
}

static int on_event(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct terminal *terminal = user;

	(void)source, (void)fd;
	if (terminal->queued) {
		write_queue(terminal);
		if (!terminal->queued)
			catch_up(terminal);
	}
	/* The callback that gets the key may lend the terminal to a shell. */
	if (terminal->listens && events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		take_key(terminal);
	return 0;
}

/* Opens standard error once more. It may be a stopped terminal, so it must not
 * block; but to set O_NONBLOCK on descriptor 2 would set it for all programs that
 * share it. */
static int open_standard_error(void)
{
	struct stat status = { 0 };
	int fd = -1;

	/* A regular file opened once more would have a file position of its own. */
	if (!fstat(STDERR_FILENO, &status) && !S_ISREG(status.st_mode))
		fd = open("/proc/self/fd/2", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	return fd >= 0 ? fd : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

static int open_device(struct terminal *terminal)
{
	int r = 0;

	terminal->fd = terminal->path ?
			       open(terminal->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) :
			       open_standard_error();
	if (terminal->fd < 0)
		return -errno;
	terminal->redraws = isatty(terminal->fd);
	/* The kernel command line may name a serial port that does not exist. */
	if (terminal->path && tcgetattr(terminal->fd, &terminal->saved) < 0) {
		r = -errno;
		terminal_let_go(terminal);
	}
	return r;
}

/* Opens the device, unless it is open, sets its mode and watches it. */
static int start(struct terminal *terminal)
{
	int r = terminal->fd < 0 ? open_device(terminal) : 0;

	if (r < 0)
		return r;
	if (terminal->path)
		set_raw(terminal, true);
	r = sd_event_add_io(terminal->event, &terminal->source, terminal->fd, EPOLLOUT, on_event,
			    terminal);
	watch(terminal);
	return r == -EPERM ? 0 : r; /* a regular file: it cannot and need not be watched */
}

int terminal_open(sd_event *event, const char *path, void (*pressed)(void *user, char key),
		  void *user, struct terminal **result)
{
	struct terminal *terminal = memory_zero(1, sizeof(*terminal));
	int r;

	terminal->event = sd_event_ref(event);
	terminal->path = text_copy(path);
	terminal->fd = -1;
	terminal->pressed = pressed;
	terminal->user = user;
	r = start(terminal);
	if (r < 0) {
		terminal_free(terminal);
		return r;
	}
	*result = terminal;
	return 0;
}

const char *terminal_path(const struct terminal *terminal)
{
	return terminal->path ? terminal->path : "standard error";
}

void terminal_listen(struct terminal *terminal)
{
	terminal->listens = terminal->path;
	watch(terminal);
}

void terminal_lend(struct terminal *terminal)
{
	AUTO_FREE char *erase = erasure(terminal);

	put(terminal, erase);
	terminal->drawn = 0;
	terminal->queued = 0;
	terminal->left_out = 0;
	terminal->lent = true;
	terminal->source = sd_event_source_disable_unref(terminal->source);
	set_raw(terminal, false);
}

void terminal_let_go(struct terminal *terminal)
{
	close(terminal->fd);
	terminal->fd = -1;
}

int terminal_take_back(struct terminal *terminal)
{
	int r = start(terminal);

	terminal->lent = r < 0;
	return r;
}

/* The number of bytes that wait in the kernel to be sent. */
static int unsent(const struct terminal *terminal)
{
	int bytes = 0;

	return terminal->path && !ioctl(terminal->fd, TIOCOUTQ, &bytes) ? bytes : 0;
}

/* Writes the rest, for LAST_MICROSECONDS at most. What is unsent then is dropped:
 * close(2) on a serial line would wait for it for half a minute. */
static void finish(struct terminal *terminal)
{
	for (int waited = 0; terminal->queued || unsent(terminal); waited += STEP_MICROSECONDS) {
		write_queue(terminal);
		if (waited >= LAST_MICROSECONDS) {
			if (terminal->path)
				tcflush(terminal->fd, TCOFLUSH);
			return;
		}
		usleep(STEP_MICROSECONDS);
	}
}

void terminal_free(struct terminal *terminal)
{
	if (!terminal)
		return;
	if (terminal->fd >= 0 && !terminal->lent)
		finish(terminal);
	sd_event_source_disable_unref(terminal->source);
	if (terminal->fd >= 0 && terminal->path)
		set_raw(terminal, false);
	if (terminal->fd >= 0)
		close(terminal->fd);
	sd_event_unref(terminal->event);
	free(terminal->path);
	free(terminal);
}
