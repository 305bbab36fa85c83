// SPDX-License-Identifier: GPL-2.0-or-later
/* One terminal, and the person at it. */
#include "dialog/dialog.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

bool dialog_runs(struct dialog *dialog)
{
	const struct status *status = &dialog->mirror->status;
	bool busy = status->json && status_is_busy(status) &&
		    !(status_is_over(status) && !status->has_result) &&
		    dialog->mirror->test != MIRROR_TESTING;

	if (status_is_over(status))
		busy = false; /* there is a result to show */
	if (busy)
		dialog->read = false;
	else
		dialog->forms = false;
	return busy && !dialog->forms;
}

bool dialog_ended(const struct dialog *dialog)
{
	const struct status *status = &dialog->mirror->status;

	return status->json && status_is_over(status) && status->has_result && !status->test &&
	       !dialog->read;
}

bool dialog_allows(const struct dialog *dialog, const char *parameter)
{
	const char *value = mirror_value(dialog->mirror, parameter);

	return value && !strcmp(value, "yes");
}

bool dialog_may_ask(const struct dialog *dialog)
{
	return dialog_allows(dialog, "p2v.interactive");
}

int dialog_program(const char *const *argv)
{
	posix_spawnattr_t attributes;
	sigset_t none;
	pid_t pid;
	int r, status = 0;

	/* What we read by the event loop is blocked here, and must not be there. */
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	r = posix_spawnp(&pid, argv[0], NULL, &attributes, (char *const *)argv, environ);
	posix_spawnattr_destroy(&attributes);
	if (r)
		return -r;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
