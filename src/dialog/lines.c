// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines: messages, a status area and keys. */
#include "dialog/lines.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "dialog/power.h"
#include "terminal/terminal.h"

#include <string.h>

#define SECOND 1000000ULL /* microseconds */
#define LOST 10           /* seconds without p2vd, after which that is told */

struct lines {
	struct dialog *dialog;
	struct terminal *terminal;
	char **area;
	const char *offered;
	bool menu;
	uint64_t status_since;   /* when the status came, CLOCK_MONOTONIC in microseconds */
	uint64_t revision;       /* of the mirror then */
	uint64_t due;            /* when the progress is shown again, likewise */
	uint64_t gone;           /* likewise: since when p2vd is not there; 0: it is there */
};

static void say(struct lines *lines, const char *text)
{
	AUTO_FREE char *line = text_format("p2vd: %s", text);

	terminal_message(lines->terminal, line);
}

/* What p2vd has said since: also while forms were shown here. */
static void say_news(struct lines *lines)
{
	struct mirror *mirror = lines->dialog->mirror;
	uint64_t *told = &lines->dialog->told, first = mirror->told - list_length(mirror->messages);

	if (*told > mirror->told)
		*told = 0; /* it is another p2vd */
	for (*told = *told < first ? first : *told; *told < mirror->told; ++*told)
		say(lines, mirror->messages[*told - first]);
}

/* Not at once: when the machine starts, p2vd may come a little later. */
static void say_whether_lost(struct lines *lines, uint64_t now)
{
	struct dialog *dialog = lines->dialog;

	if (dialog->mirror->connected) {
		lines->gone = 0;
		dialog->lost = false;
	} else if (!lines->gone) {
		lines->gone = now;
	} else if (!dialog->lost && now - lines->gone >= LOST * SECOND) {
		dialog->lost = true;
		say(lines,
		    "error: p2vd is not there; it is looked for every second, and 'journalctl -u p2v' in a shell may tell why");
	}
}

/* Whenever p2vd tells something, and once a second. */
static void show_progress(struct lines *lines, uint64_t now)
{
	const struct mirror *mirror = lines->dialog->mirror;
	const struct status *status = &mirror->status;
	char **before = lines->area;
	uint64_t elapsed = status->elapsed;

	if (lines->revision == mirror->revision && now < lines->due)
		return;
	if (lines->revision != mirror->revision)
		lines->status_since = now;
	lines->revision = mirror->revision;
	lines->due = now + SECOND;
	if (elapsed != STATUS_UNKNOWN)
		elapsed += (now - lines->status_since) / SECOND;
	lines->area = status->json && !status_is_over(status) ? status_progress(status, elapsed) :
								NULL;
	if (status->json && !lines->area && status->waiting)
		list_append(&lines->area, text_copy(status->waiting));
	terminal_status(lines->terminal, lines->area);
	list_free(before);
}

/* What the keys do at this time; NULL: nothing. */
static const char *offer(const struct dialog *dialog)
{
	static const char *const over[2][2] = {
		{ "press 'r' to reboot, 'p' to power off",
		  "press 'r' to reboot, 'p' to power off, 'm' for the menu" },
		{ "press 's' for a shell, 'r' to reboot, 'p' to power off",
		  "press 's' for a shell, 'r' to reboot, 'p' to power off, 'm' for the menu" },
	};
	static const char *const before[2][2] = {
		{ NULL, "press 'm' for the menu" },
		{ "press 's' for a shell", "press 's' for a shell, 'm' for the menu" },
	};
	const struct mirror *mirror = dialog->mirror;
	bool shell = power_shell(dialog), menu = dialog_may_ask(dialog);

	if ((!mirror->parameters && !dialog->lost) || mirror->status.activity == STATUS_LEAVING)
		return NULL;
	return power_is_free(dialog) ? over[shell][menu] : before[shell][menu];
}

static void make_offer(struct lines *lines)
{
	const char *text = offer(lines->dialog);

	if (text && text != lines->offered)
		say(lines, text);
	lines->offered = text;
}

/* ---- keys --------------------------------------------------------------------------------- */

/* The terminal is the shell's, until that ends. */
static void open_shell(struct lines *lines)
{
	AUTO_FREE char *begin = text_format("a shell on '%s': type 'exit' to leave it",
					    terminal_path(lines->terminal));

	say(lines, begin);
	terminal_lend(lines->terminal);
	terminal_let_go(lines->terminal);
	power_run_shell();
	if (terminal_take_back(lines->terminal) < 0) {
		lines->dialog->over = true; /* whoever has started us does it again */
		return;
	}
	say(lines, "the shell has ended");
	lines->offered = NULL;
}

static void switch_off(struct lines *lines, const char *what)
{
	int code = power_ask_systemd(what);
	AUTO_FREE char *text = NULL;

	if (!code)
		text = text_copy(what);
	else if (code < 0)
		text = text_format("error: cannot run systemctl: %s; the machine is still on",
				   strerror(-code));
	else
		text = text_format("error: %s failed: exit status %d; the machine is still on",
				   what, code);
	say(lines, text);
}

static void on_key(void *user, char key)
{
	struct lines *lines = user;
	struct dialog *dialog = lines->dialog;

	if (key == 's' && power_shell(dialog))
		open_shell(lines);
	else if (key == 'm' && dialog_may_ask(dialog))
		lines->menu = true;
	else if (key == 'r' && power_is_free(dialog))
		switch_off(lines, "reboot");
	else if (key == 'p' && power_is_free(dialog))
		switch_off(lines, "poweroff");
}

/* ---- the loop ----------------------------------------------------------------------------- */

static void run(struct lines *lines, bool (*opens)(const struct dialog *dialog))
{
	struct dialog *dialog = lines->dialog;
	uint64_t now = 0;

	terminal_listen(lines->terminal);
	while (!dialog->over && !lines->menu) {
		sd_event_now(dialog->event, CLOCK_MONOTONIC, &now);
		say_news(lines);
		say_whether_lost(lines, now);
		show_progress(lines, now);
		make_offer(lines);
		if (!dialog->opened && opens(dialog))
			break;
		sd_event_run(dialog->event, lines->due > now ? lines->due - now : 0);
	}
	terminal_status(lines->terminal, NULL);
}

bool lines_run(struct dialog *dialog, bool (*opens)(const struct dialog *dialog))
{
	struct lines lines = { .dialog = dialog };

	if (terminal_open(dialog->event, dialog->tty, on_key, &lines, &lines.terminal) < 0)
		return false;
	run(&lines, opens);
	terminal_free(lines.terminal);
	list_free(lines.area);
	if (lines.menu)
		mirror_hold(dialog->mirror);
	dialog->opened = true;
	return !dialog->over;
}
