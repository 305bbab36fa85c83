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

#include <string.h>

#define ACTIVE_CONSOLES "/sys/class/tty/console/active"
#define TERMINALS_MOST 8

/* A terminal, and the shell on it. */
struct seat {
	struct console *console;
	struct terminal *terminal;
	struct child *shell;
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

/* ---- a shell --------------------------------------------------------------- */

static void take_back(struct seat *seat)
{
	int r = terminal_take_back(seat->terminal);

	if (r < 0)
		log_error("cannot open '%s' again: %s", terminal_path(seat->terminal),
			  strerror(-r));
}

/* When a session ends, the kernel hangs up its terminal for us, too: open it again. */
static void on_shell_ended(void *user, int status)
{
	struct seat *seat = user;

	(void)status;
	child_free(steal(seat->shell));
	take_back(seat);
	log_notice("the shell has ended");
	if (seat->console->offered)
		log_notice("%s", seat->console->offered);
}

void console_shell(struct console *console)
{
	static const char *const argv[] = { "p2v-shell", NULL };
	struct seat *seat = console->last_key;
	AUTO_FREE char *reason = NULL;

	if (!seat || seat->shell)
		return;
	log_notice("a shell on '%s': type 'exit' to leave it", terminal_path(seat->terminal));
	terminal_lend(seat->terminal);
	if (child_start(console->event,
			&(struct child_options){ .argv = argv,
						 .terminal = terminal_path(seat->terminal),
						 .ended = on_shell_ended,
						 .user = seat },
			&seat->shell, &reason) < 0) {
		take_back(seat);
		log_error("%s", reason);
		return;
	}
	terminal_let_go(seat->terminal);
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
		child_free(console->seats[i].shell);
		terminal_free(console->seats[i].terminal);
	}
	free(console);
}
