// SPDX-License-Identifier: GPL-2.0-or-later
/* The console: messages, a status area and keys, on every terminal there is. */
#include "console.h"

#include "child.h"
#include "cleanup.h"
#include "log.h"
#include "text.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

#define ACTIVE_CONSOLES "/sys/class/tty/console/active"
#define TERMINALS_MOST 8
#define PLAIN_MICROSECONDS 30000000ULL /* between two status lines where nothing can be redrawn */
#define WRITE_MILLISECONDS 500         /* a stuck serial line must not hold up the daemon */
#define COLUMNS_USUAL 80

struct terminal {
	struct console *console;
	char *path; /* NULL for standard error */
	int fd;
	bool redraws;
	unsigned drawn; /* lines of the status area on the screen now */
	uint64_t plain_due;
	struct termios saved;
	sd_event_source *keys;
	struct child *shell;
};

struct console {
	sd_event *event;
	struct terminal terminals[TERMINALS_MOST];
	size_t count;
	char **status;
	struct terminal *last_key;
	const char *offered;
	void (*pressed)(void *user, char key);
	void *user;
};

static void put(const struct terminal *terminal, const char *text, size_t length)
{
	struct pollfd writable = { .fd = terminal->fd, .events = POLLOUT };

	while (length) {
		ssize_t r = write(terminal->fd, text, length);

		if (r < 0 && errno == EAGAIN && poll(&writable, 1, WRITE_MILLISECONDS) > 0)
			continue;
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return;
		text += r;
		length -= r;
	}
}

static unsigned columns(const struct terminal *terminal)
{
	struct winsize size = { 0 };

	if (ioctl(terminal->fd, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		return COLUMNS_USUAL;
	return size.ws_col;
}

static void erase_status(struct terminal *terminal)
{
	AUTO_FREE char *erase = NULL;

	if (!terminal->drawn)
		return;
	erase = text_format("\033[%uA\r\033[J", terminal->drawn);
	put(terminal, erase, strlen(erase));
	terminal->drawn = 0;
}

static void draw_status(struct terminal *terminal, char *const *lines)
{
	int width = columns(terminal) - 1;

	for (; lines && *lines; lines++) {
		AUTO_FREE char *line = text_format("%.*s\r\n", width, *lines);

		put(terminal, line, strlen(line));
		terminal->drawn++;
	}
}

static void write_status_plainly(struct terminal *terminal, char *const *lines)
{
	uint64_t now = 0;

	sd_event_now(terminal->console->event, CLOCK_MONOTONIC, &now);
	if (!lines || now < terminal->plain_due)
		return;
	terminal->plain_due = now + PLAIN_MICROSECONDS;
	for (; *lines; lines++) {
		AUTO_FREE char *line = text_format("%s\n", *lines);

		put(terminal, line, strlen(line));
	}
}

static void refresh(struct terminal *terminal)
{
	if (terminal->shell)
		return;
	if (terminal->redraws) {
		erase_status(terminal);
		draw_status(terminal, terminal->console->status);
	} else {
		write_status_plainly(terminal, terminal->console->status);
	}
}

void console_message(void *user, int priority, const char *line)
{
	struct console *console = user;
	const char *kind = priority <= LOG_ERR ? "error: " : priority == LOG_WARNING ? "warning: " : "";
	AUTO_FREE char *text = text_format("p2vd: %s%s\r\n", kind, line);
	AUTO_FREE char *plain = text_format("p2vd: %s%s\n", kind, line);

	for (size_t i = 0; i < console->count; i++) {
		struct terminal *terminal = &console->terminals[i];

		if (terminal->shell)
			continue;
		if (terminal->redraws) {
			erase_status(terminal);
			put(terminal, text, strlen(text));
			draw_status(terminal, console->status);
		} else {
			put(terminal, plain, strlen(plain));
		}
	}
}

void console_status(struct console *console, char *const *lines)
{
	list_free(console->status);
	console->status = list_copy(lines);
	for (size_t i = 0; i < console->count; i++)
		refresh(&console->terminals[i]);
}

/* Keys come one by one and are not echoed, or as the shell needs them. */
static void set_raw(struct terminal *terminal, bool raw)
{
	struct termios mode = terminal->saved;

	if (raw)
		mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(terminal->fd, TCSANOW, &mode);
}

static int on_key(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct terminal *terminal = user;
	struct console *console = terminal->console;
	char key;
	ssize_t length = read(fd, &key, 1);

	(void)events;
	if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)) {
		sd_event_source_set_enabled(source, SD_EVENT_OFF); /* hung up */
		return 0;
	}
	if (length == 1 && !terminal->shell && console->pressed) {
		console->last_key = terminal;
		console->pressed(console->user, key);
	}
	return 0;
}

void console_offer(struct console *console, const char *offer,
		   void (*pressed)(void *user, char key), void *user)
{
	log_notice("%s", offer);
	console->offered = offer;
	console->pressed = pressed;
	console->user = user;
	for (size_t i = 0; i < console->count; i++)
		sd_event_source_set_enabled(console->terminals[i].keys, SD_EVENT_ON);
}

/* Opens a console's device. Returns 0, or -errno. */
static int open_terminal(struct terminal *terminal)
{
	int fd = open(terminal->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	/* A serial port that the command line names need not exist. */
	if (tcgetattr(fd, &terminal->saved) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	terminal->fd = fd;
	terminal->redraws = true;
	set_raw(terminal, true);
	r = sd_event_add_io(terminal->console->event, &terminal->keys, fd, EPOLLIN, on_key,
			    terminal);
	if (r >= 0 && !terminal->console->pressed)
		r = sd_event_source_set_enabled(terminal->keys, SD_EVENT_OFF);
	return r;
}

static void close_terminal(struct terminal *terminal)
{
	if (terminal->fd < 0)
		return;
	terminal->keys = sd_event_source_disable_unref(terminal->keys);
	set_raw(terminal, false);
	close(terminal->fd);
	terminal->fd = -1;
}

/* The end of a session hangs its terminal up, for us too: open it again. */
static void on_shell_ended(void *user, int status)
{
	struct terminal *terminal = user;
	int r;

	(void)status;
	child_free(steal(terminal->shell));
	r = open_terminal(terminal);
	if (r < 0)
		log_error("cannot open '%s' again: %s", terminal->path, strerror(-r));
	put(terminal, "\r\n", 2);
	log_notice("the shell has ended");
	if (terminal->console->offered)
		log_notice("%s", terminal->console->offered);
}

void console_shell(struct console *console)
{
	static const char *const argv[] = { "sh", "-il", NULL };
	struct terminal *terminal = console->last_key;
	AUTO_FREE char *reason = NULL;

	if (!terminal || terminal->shell)
		return;
	log_notice("a shell on '%s'; leave it with 'exit'", terminal->path);
	erase_status(terminal);
	close_terminal(terminal);
	if (child_start(console->event,
			&(struct child_options){ .argv = argv,
						 .terminal = terminal->path,
						 .ended = on_shell_ended,
						 .user = terminal },
			&terminal->shell, &reason) < 0) {
		open_terminal(terminal);
		log_error("%s", reason);
	}
}

static void add_active_consoles(struct console *console)
{
	AUTO_FCLOSE FILE *file = fopen(ACTIVE_CONSOLES, "re");
	char name[32];

	while (file && console->count < TERMINALS_MOST && fscanf(file, "%31s", name) == 1) {
		struct terminal *terminal = &console->terminals[console->count];

		*terminal = (struct terminal){
			.console = console,
			.path = text_format("/dev/%s", name),
			.fd = -1,
		};
		if (open_terminal(terminal) < 0)
			free(terminal->path);
		else
			console->count++;
	}
}

static void add_standard_error(struct console *console)
{
	console->terminals[console->count++] = (struct terminal){
		.console = console,
		.fd = STDERR_FILENO,
		.redraws = isatty(STDERR_FILENO),
	};
}

struct console *console_new(sd_event *event, bool appliance)
{
	struct console *console = text_zero(1, sizeof *console);

	console->event = event;
	if (appliance)
		add_active_consoles(console);
	if (!console->count)
		add_standard_error(console);
	return console;
}

void console_free(struct console *console)
{
	if (!console)
		return;
	console_status(console, NULL);
	for (size_t i = 0; i < console->count; i++) {
		struct terminal *terminal = &console->terminals[i];

		child_free(terminal->shell);
		if (terminal->path)
			close_terminal(terminal);
		free(terminal->path);
	}
	free(console);
}
