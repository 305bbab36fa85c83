// SPDX-License-Identifier: GPL-2.0-or-later
/* Power off, reboot, shell. */
#include "dialog/power.h"

#include <unistd.h>

#define IMAGE "/etc/initrd-release" /* systemd looks at it for the same question */
#define SHELL "/usr/sbin/p2v-shell"

bool power_exists(void)
{
	return access(IMAGE, F_OK) == 0;
}

static bool has_shell(struct dialog *dialog)
{
	return dialog_has_shell(dialog) && access(SHELL, X_OK) == 0;
}

void power_buttons(struct window *window)
{
	if (!power_exists())
		return;
	window_button(window, "Power off", 'p');
	window_button(window, "Reboot", 'r');
	window_key(window, 'p');
	window_key(window, 'r');
	if (!has_shell(window->dialog))
		return;
	window_button(window, "Shell", 's');
	window_key(window, 's');
}

static void run_shell(void)
{
	static const char *const argv[] = { SHELL, NULL };

	newtSuspend();
	dialog_program(argv);
	newtResume();
}

static void ask_systemd(struct dialog *dialog, const char *what, const char *question)
{
	const char *const argv[] = { "systemctl", "--quiet", what, NULL };

	if (window_ask(dialog, "The machine", question, "Yes", "No"))
		dialog_program(argv);
}

void power_key(struct dialog *dialog, int key, bool success)
{
	if (!power_exists())
		return;
	if (key == 's' && has_shell(dialog))
		run_shell();
	else if (key == 'p')
		ask_systemd(dialog, "poweroff", "Power this machine off?");
	else if (key == 'r')
		ask_systemd(dialog, "reboot",
			    success ?
				    "The guest is there. If this machine starts from its own disk now, both have the same addresses and names. Reboot all the same?" :
				    "Reboot this machine?");
}
