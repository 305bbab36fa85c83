// SPDX-License-Identifier: GPL-2.0-or-later
/* Power off, reboot, shell. */
#include "dialog/power.h"

#include <stdio.h>

bool power_is_free(const struct dialog *dialog)
{
	const struct mirror *mirror = dialog->mirror;
	const struct status *status = &mirror->status;

	if (!dialog->appliance)
		return false;
	if (!mirror->connected)
		return dialog->lost;
	if (status->activity == STATUS_WAITING)
		return status->json && !status->waiting;
	return status_is_over(status) && status->activity != STATUS_LEAVING;
}

bool power_shell(const struct dialog *dialog)
{
	return dialog->appliance && dialog_allows(dialog, "p2v.shell");
}

void power_run_shell(void)
{
	static const char *const argv[] = { "p2v-shell", NULL };

	dialog_program(argv);
}

int power_ask_systemd(const char *what)
{
	const char *const argv[] = { "systemctl", what, NULL };

	return dialog_program(argv);
}

void power_buttons(struct window *window)
{
	if (!window->dialog->appliance)
		return;
	window_button(window, "Power off", 'p');
	window_button(window, "Reboot", 'r');
	window_key(window, 'p');
	window_key(window, 'r');
	if (!power_shell(window->dialog))
		return;
	window_button(window, "Shell", 's');
	window_key(window, 's');
}

static void ask(struct dialog *dialog, const char *what, const char *question)
{
	if (window_ask(dialog, "The machine", question, "Yes", "No"))
		power_ask_systemd(what);
}

void power_key(struct dialog *dialog, int key, bool success)
{
	if (!dialog->appliance)
		return;
	if (key == 's' && power_shell(dialog)) {
		newtSuspend();
		puts("\na shell: type 'exit' to come back here");
		fflush(stdout);
		power_run_shell();
		newtResume();
	} else if (key == 'p') {
		ask(dialog, "poweroff", "Power this machine off?");
	} else if (key == 'r') {
		ask(dialog, "reboot",
		    success ?
			    "The guest is there. If this machine starts from its own disk now, both have the same addresses and names. Reboot all the same?" :
			    "Reboot this machine?");
	}
}
