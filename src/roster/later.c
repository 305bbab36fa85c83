// SPDX-License-Identifier: GPL-2.0-or-later
/* A start that is put off. */
#include "roster/later.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/list.h"
#include "base/text.h"
#include "roster/appointment.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>

/* For the timer there is no directory that we are in. */
static void add_path(char ***argv, const char *option, const char *path)
{
	AUTO_FREE char *whole = path ? realpath(path, NULL) : NULL;

	if (path)
		list_append(argv, text_format("%s=%s", option, whole ?: path));
}

/* "p2v-fleet start …" as it is to be called then. */
static void add_command(char ***argv, const struct desk *desk)
{
	char self[PATH_MAX] = "";

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		list_append(argv, text_copy("p2v-fleet"));
	else
		list_append(argv, text_copy(self));
	add_path(argv, "--control", desk->control);
	add_path(argv, "--machines", desk->machines);
	add_path(argv, "--bmcs", desk->bmcs);
	add_path(argv, "--passwords", desk->passwords);
	add_path(argv, "--bmc-ca", desk->authorities);
	list_append(argv, text_format("--patience=%u", desk->patience));
	if (desk->most)
		list_append(argv, text_format("--max=%u", desk->most));
	list_append(argv, text_copy("start"));
	for (char *const *word = desk->words; *word; word++)
		list_append(argv, text_copy(*word));
}

static int run(char *const *argv)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		execvp(argv[0], argv);
		desk_say("cannot run '%s': %m: --at needs systemd", argv[0]);
		_exit(127);
	}
	if (pid < 0 || TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)) < 0)
		return -1;
	return status;
}

int later_begin(const struct desk *desk, size_t count)
{
	AUTO_FREE char *reason = NULL, *left = NULL, *unit = NULL;
	AUTO_LIST char **argv = NULL;
	sd_json_variant *answer = NULL;
	char moment[64], calendar[64];
	const time_t now = time(NULL);
	time_t then = 0;

	if (appointment_read(desk->at, now, &then, &reason) < 0) {
		desk_say("%s", reason);
		return DESK_WRONG;
	}
	strftime(calendar, sizeof(calendar), "%Y-%m-%d %H:%M:%S UTC", gmtime(&then));
	strftime(moment, sizeof(moment), "%a %Y-%m-%d %H:%M %Z", localtime(&then));
	unit = text_format("p2v-fleet-start-%lld", (long long)then);
	left = text_duration((uint64_t)(then - now));
	list_append(&argv, text_copy("systemd-run"));
	list_append(&argv, text_copy("--quiet"));
	list_append(&argv, text_copy("--collect"));
	list_append(&argv, text_format("--unit=%s", unit));
	list_append(&argv, text_copy("--description=p2v-fleet switches machines on"));
	list_append(&argv, text_format("--on-calendar=%s", calendar));
	list_append(&argv, text_copy("--timer-property=AccuracySec=1s"));
	add_command(&argv, desk);
	if (run(argv) != 0) {
		desk_say("no start was planned: systemd did not make the timer '%s.timer'", unit);
		return DESK_UNREACHABLE;
	}
	strftime(calendar, sizeof(calendar), "%Y-%m-%dT%H:%M:%SZ", gmtime(&then));
	json_put_text(&answer, "at", calendar);
	json_put_text(&answer, "timer", unit);
	json_put_number(&answer, "machines", count);
	screen_json(desk->screen, answer, true);
	sd_json_variant_unref(answer);
	desk_say("%zu machines are switched on at %s, in %s%s", count, moment, left,
		 desk->most ? ", as many at a time as --max says" : "");
	desk_say("'systemctl list-timers' shows it, 'systemctl stop %s.timer' cancels it, 'journalctl -u %s' says how it went",
		 unit, unit);
	return DESK_DONE;
}
