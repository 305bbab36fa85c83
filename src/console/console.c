// SPDX-License-Identifier: GPL-2.0-or-later
/* The console: messages, a status area and keys, on all terminals at once. */
#include "console/console.h"

#include "base/child.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "console/terminal.h"

#include <ctype.h>
#include <string.h>
#include <sys/wait.h>

#define ACTIVE_CONSOLES "/sys/class/tty/console/active"
#define TERMINALS_MOST 8
#define CRASH_MICROSECONDS 5000000ULL /* forms that crash sooner are not started again */

enum program { PROGRAM_SHELL, PROGRAM_FORMS };

static const struct {
	const char *name, *called, *hint, *ended;
} programs[] = {
	[PROGRAM_SHELL] = { "p2v-shell", "a shell", ": type 'exit' to leave it",
			    "the shell has ended" },
	[PROGRAM_FORMS] = { "p2v-console", "forms", "", "the forms were left" },
};

/* A terminal, and the program that it is lent to. */
struct seat {
	struct console *console;
	struct terminal *terminal;
	enum program program;
	uint64_t since; /* when that was started, CLOCK_BOOTTIME in microseconds */
	struct child *child;
};

struct console {
	sd_event *event;
	struct seat seats[TERMINALS_MOST];
	size_t count;
	char **status;
	struct seat *last_key;
	const char *offered;
	void (*pressed)(void *user, char key);
	void *user;
};

void console_message(void *user, int priority, const char *line)
{
	struct console *console = user;
	const char *kind = priority <= LOG_ERR     ? "error: " :
			   priority == LOG_WARNING ? "warning: " :
						     "";
	AUTO_FREE char *text = text_format("p2vd: %s%s", kind, line);

	for (size_t i = 0; i < console->count; i++)
		terminal_message(console->seats[i].terminal, text);
}

void console_status(struct console *console, char *const *lines)
{
	AUTO_LIST char **before = console->status;

	console->status = list_copy(lines);
	for (size_t i = 0; i < console->count; i++)
		terminal_status(console->seats[i].terminal, console->status);
}

static void on_key(void *user, char key)
{
	struct seat *seat = user;
	struct console *console = seat->console;

	console->last_key = seat;
	console->pressed(console->user, key);
}

void console_offer(struct console *console, const char *offer,
		   void (*pressed)(void *user, char key), void *user)
{
	log_notice("%s", offer);
	console->offered = offer;
	console->pressed = pressed;
	console->user = user;
	for (size_t i = 0; i < console->count; i++)
		terminal_listen(console->seats[i].terminal);
}

/* ---- programs on a terminal ------------------------------------------------- */

static void take_back(struct seat *seat)
{
	int r = terminal_take_back(seat->terminal);

	if (r < 0)
		log_error("cannot open '%s' again: %s", terminal_path(seat->terminal),
			  strerror(-r));
}

static void lend(struct seat *seat, enum program program);

/* When a session ends, the kernel hangs up its terminal for us, too: open it again. */
static void on_program_ended(void *user, int status)
{
	struct seat *seat = user;
	uint64_t now = 0;

	child_free(steal(seat->child));
	take_back(seat);
	sd_event_now(seat->console->event, CLOCK_BOOTTIME, &now);
	if (seat->program == PROGRAM_FORMS && WIFSIGNALED(status) &&
	    now - seat->since >= CRASH_MICROSECONDS) {
		log_warning("the forms on '%s' have crashed and are started again",
			    terminal_path(seat->terminal));
		lend(seat, PROGRAM_FORMS);
		return;
	}
	log_notice("%s", programs[seat->program].ended);
	if (seat->console->offered)
		log_notice("%s", seat->console->offered);
}

/* Whether it is one of the kernel's own terminals, /dev/tty0 and so on. */
static bool is_screen(const char *path)
{
	static const char prefix[] = "/dev/tty";

	return text_begins(path, prefix) && isdigit((unsigned char)path[strlen(prefix)]);
}

static void lend(struct seat *seat, enum program program)
{
	const char *path = terminal_path(seat->terminal);
	/* What is at the end of a serial line can be expected to know VT220. */
	char *environment[] = { is_screen(path) ? "TERM=linux" : "TERM=vt220", NULL };
	const char *const argv[] = { programs[program].name, NULL };
	struct child_options options = {
		.argv = argv,
		.environment = environment,
		.terminal = path,
		.ended = on_program_ended,
		.user = seat,
	};
	AUTO_FREE char *reason = NULL;

	if (seat->child)
		return;
	seat->program = program;
	sd_event_now(seat->console->event, CLOCK_BOOTTIME, &seat->since);
	log_notice("%s on '%s'%s", programs[program].called, path, programs[program].hint);
	terminal_lend(seat->terminal);
	if (child_start(seat->console->event, &options, &seat->child, &reason) < 0) {
		take_back(seat);
		log_error("%s", reason);
		return;
	}
	terminal_let_go(seat->terminal);
}

void console_shell(struct console *console)
{
	if (console->last_key)
		lend(console->last_key, PROGRAM_SHELL);
}

void console_forms(struct console *console)
{
	if (console->last_key)
		lend(console->last_key, PROGRAM_FORMS);
}

void console_forms_everywhere(struct console *console, bool serial)
{
	for (size_t i = 0; i < console->count; i++) {
		const char *path = terminal_path(console->seats[i].terminal);

		if (path && (serial || is_screen(path)))
			lend(&console->seats[i], PROGRAM_FORMS);
	}
}

/* ---- the terminals ----------------------------------------------------------- */

static void add(struct console *console, const char *path)
{
	struct seat *seat = &console->seats[console->count];

	seat->console = console;
	if (terminal_open(console->event, path, on_key, seat, &seat->terminal) >= 0)
		console->count++;
}

static void add_active_consoles(struct console *console)
{
	AUTO_FCLOSE FILE *file = fopen(ACTIVE_CONSOLES, "re");
	char name[32];

	while (file && console->count < TERMINALS_MOST && fscanf(file, "%31s", name) == 1) {
		AUTO_FREE char *path = text_format("/dev/%s", name);

		add(console, path);
	}
}

struct console *console_new(sd_event *event, bool appliance)
{
	struct console *console = memory_zero(1, sizeof(*console));

	console->event = event;
	if (appliance)
		add_active_consoles(console);
	if (!console->count)
		add(console, NULL);
	return console;
}

void console_free(struct console *console)
{
	if (!console)
		return;
	console_status(console, NULL);
	for (size_t i = 0; i < console->count; i++) {
		child_free(console->seats[i].child);
		terminal_free(console->seats[i].terminal);
	}
	free(console);
}
