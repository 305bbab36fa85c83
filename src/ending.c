// SPDX-License-Identifier: GPL-2.0-or-later
/* What comes after a conversion. */
#include "ending.h"

#include "cleanup.h"
#include "hook.h"
#include "log.h"
#include "text.h"

struct ending {
	sd_event *event;
	const struct config *config;
	struct console *console;
	bool appliance;
	int code;
	struct hook *hook;
};

struct ending *ending_new(sd_event *event, const struct config *config, struct console *console,
			  bool appliance)
{
	struct ending *ending = text_zero(1, sizeof *ending);

	*ending = (struct ending){
		.event = event,
		.config = config,
		.console = console,
		.appliance = appliance,
	};
	return ending;
}

void ending_free(struct ending *ending)
{
	if (!ending)
		return;
	hook_free(ending->hook);
	free(ending);
}

static void on_system_done(void *user, const char *reason)
{
	(void)user;
	if (reason)
		log_error("%s", reason);
}

/* systemd takes the machine down, and us with it. */
static void system_do(struct ending *ending, const char *what)
{
	AUTO_FREE char *command = text_format("systemctl %s", what);

	log_notice("%s", what);
	hook_free(ending->hook);
	ending->hook = hook_start(ending->event, what, command, NULL, on_system_done, ending);
}

static void on_key(void *user, char key)
{
	struct ending *ending = user;

	if (key == 's' && ending->config->shell)
		console_shell(ending->console);
	else if (key == 'r')
		system_do(ending, "reboot");
	else if (key == 'p')
		system_do(ending, "poweroff");
}

static void offer_keys(struct ending *ending)
{
	console_offer(ending->console,
		      ending->config->shell ?
			      "press 's' for a shell, 'r' to reboot, 'p' to power off" :
			      "press 'r' to reboot, 'p' to power off",
		      on_key, ending);
}

static void settle(struct ending *ending)
{
	if (!ending->appliance)
		sd_event_exit(ending->event, ending->code);
	else if (ending->code)
		offer_keys(ending);
	else if (!ending->config->post)
		system_do(ending, "poweroff");
}

static void on_hook_done(void *user, const char *reason)
{
	struct ending *ending = user;

	if (reason)
		log_error("%s", reason);
	settle(ending);
}

static void run(struct ending *ending, const char *name, const char *command,
		char *const *environment)
{
	if (!command) {
		settle(ending);
		return;
	}
	log_notice("running the command of %s", name);
	ending->hook =
		hook_start(ending->event, name, command, environment, on_hook_done, ending);
}

void ending_done(struct ending *ending)
{
	run(ending, "p2v.post", ending->config->post, NULL);
}

void ending_failed(struct ending *ending, int code, const char *reason)
{
	AUTO_LIST char **environment = NULL;
	AUTO_FREE char *clean = log_clean(reason);

	list_append(&environment, text_format("P2V_EXIT_CODE=%d", code));
	list_append(&environment, text_format("P2V_REASON=%s", clean));
	ending->code = code;
	log_error("failed with exit code %d", code);
	run(ending, "p2v.fail", ending->config->fail, environment);
}

void ending_wait(struct ending *ending)
{
	log_notice("no p2v.server on the kernel command line: nothing to do without a person; "
		   "the interactive mode is not part of this version, p2v.parameters(7) tells "
		   "what the command line takes");
	offer_keys(ending);
}
