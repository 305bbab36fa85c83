// SPDX-License-Identifier: GPL-2.0-or-later
/* What comes after a conversion. */
#include "conversion/ending.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "conversion/announce.h"
#include "conversion/conversion.h"
#include "conversion/hook.h"

struct ending {
	sd_event *event;
	const struct config *config;
	struct console *console;
	bool appliance, stay;
	bool leaving;
	bool shell_offered, keys_offered;
	enum { BEFORE, COMMANDS, OVER } state; /* COMMANDS: p2v.done or a user's command runs */
	int code; /* of the conversion; after p2v.post, of both */
	const char *name; /* of the parameter whose command runs */
	struct announce *announce;
	struct hook *hook;
	void (*opened)(void *user); /* a person wants the forms; NULL: nobody listens */
	void *user;
};

struct ending *ending_new(sd_event *event, const struct config *config, struct console *console,
			  bool appliance, bool stay)
{
	struct ending *ending = memory_zero(1, sizeof(*ending));

	*ending = (struct ending){
		.event = event,
		.config = config,
		.console = console,
		.appliance = appliance,
		.stay = stay,
	};
	return ending;
}

void ending_free(struct ending *ending)
{
	if (!ending)
		return;
	announce_free(ending->announce);
	hook_free(ending->hook);
	free(ending);
}

static void offer_keys(struct ending *ending);

/* Called if reboot or power off fails: the person at the console needs the keys again. */
static void on_system_done(void *user, const char *reason)
{
	struct ending *ending = user;

	if (!reason)
		return;
	log_error("%s; the machine is still on", reason);
	offer_keys(ending);
}

/* Reboots or powers off: then systemd ends p2vd, too. */
static void system_do(struct ending *ending, const char *what)
{
	AUTO_FREE char *command = text_format("systemctl %s", what);

	log_notice("%s", what);
	hook_free(ending->hook); /* ends the user's command, if it still runs */
	ending->state = OVER;
	ending->hook = hook_start(ending->event, what, command, NULL, on_system_done, ending);
}

static void open_forms(struct ending *ending)
{
	if (ending->opened)
		ending->opened(ending->user);
	console_forms(ending->console);
}

static void on_key(void *user, char key)
{
	struct ending *ending = user;

	if (key == 's' && ending->config->shell && (ending->shell_offered || ending->keys_offered))
		console_shell(ending->console);
	else if (key == 'm' && ending->config->interactive)
		open_forms(ending);
	else if (key == 'r' && ending->keys_offered)
		system_do(ending, "reboot");
	else if (key == 'p' && ending->keys_offered)
		system_do(ending, "poweroff");
}

void ending_offer_forms(struct ending *ending, void (*opened)(void *user), void *user)
{
	if (!ending->appliance || !ending->config->interactive)
		return;
	ending->opened = opened;
	ending->user = user;
	console_offer(ending->console, "press 'm' for the menu", on_key, ending);
	if (ending->config->console != CONSOLE_LINES)
		console_forms_everywhere(ending->console,
					 ending->config->console == CONSOLE_SCREEN);
}

/* What the keys do. The caller keeps nothing. */
static const char *keys(const struct ending *ending)
{
	static const char *const texts[2][2] = {
		{ "press 'r' to reboot, 'p' to power off",
		  "press 'r' to reboot, 'p' to power off, 'm' for the menu" },
		{ "press 's' for a shell, 'r' to reboot, 'p' to power off",
		  "press 's' for a shell, 'r' to reboot, 'p' to power off, 'm' for the menu" },
	};

	return texts[ending->config->shell][ending->config->interactive];
}

void ending_offer_shell(struct ending *ending)
{
	if (!ending->appliance || !ending->config->shell || ending->shell_offered)
		return;
	ending->shell_offered = true;
	console_offer(ending->console,
		      ending->config->interactive ? "press 's' for a shell, 'm' for the menu" :
						    "press 's' for a shell",
		      on_key, ending);
}

static void offer_keys(struct ending *ending)
{
	ending->keys_offered = true;
	console_offer(ending->console, keys(ending), on_key, ending);
}

void ending_again(struct ending *ending)
{
	announce_free(steal(ending->announce));
	hook_free(steal(ending->hook));
	ending->stay = true;
	ending->keys_offered = false;
	ending->state = BEFORE;
	ending->code = EXIT_DONE;
}

void ending_tested(struct ending *ending)
{
	if (ending->leaving)
		sd_event_exit(ending->event, ending->code);
	else if (ending->appliance)
		offer_keys(ending);
}

/* Called when nothing is left to do: ends p2vd, powers off, or offers keys. */
static void settle(struct ending *ending)
{
	ending->state = OVER;
	if (ending->leaving || (!ending->appliance && !ending->stay))
		sd_event_exit(ending->event, ending->code);
	else if (!ending->appliance)
		return;
	else if (ending->code || ending->stay || ending->config->post)
		offer_keys(ending);
	else
		system_do(ending, "poweroff");
}

static void on_hook_done(void *user, const char *reason)
{
	struct ending *ending = user;

	if (reason && ending->code == EXIT_DONE)
		ending->code = EXIT_INTERNAL; /* the guest is ready, but p2v.post failed */
	if (reason)
		log_error("%s", reason);
	else
		log_notice("the command of %s has ended with exit status 0%s", ending->name,
			   ending->appliance ? ", and the machine is still on" : "");
	settle(ending);
}

/* Offers the keys before the command ends: it may hang. */
static void run(struct ending *ending, const char *name, const char *command,
		char *const *environment)
{
	if (!command || !*command) {
		settle(ending);
		return;
	}
	ending->state = COMMANDS;
	ending->name = name;
	log_notice("running the command of %s", name);
	if (ending->appliance && !ending->leaving)
		offer_keys(ending);
	ending->hook = hook_start(ending->event, name, command, environment, on_hook_done, ending);
}

static void on_announced(void *user)
{
	struct ending *ending = user;

	run(ending, "p2v.post", ending->config->post, NULL);
}

void ending_done(struct ending *ending)
{
	if (!ending->config->announcement || !*ending->config->announcement) {
		on_announced(ending);
		return;
	}
	ending->state = COMMANDS;
	ending->announce = announce_start(ending->event, ending->config, on_announced, ending);
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

bool ending_busy(const struct ending *ending)
{
	return ending->state == COMMANDS;
}

int ending_code(const struct ending *ending)
{
	switch (ending->state) {
	case BEFORE:
		return EXIT_CONVERSION;
	case COMMANDS:
		return ending->code ? ending->code : EXIT_INTERNAL;
	case OVER:
		return ending->code;
	}
	abort();
}

void ending_leave(struct ending *ending)
{
	ending->leaving = true;
}

void ending_wait(struct ending *ending)
{
	log_notice("no p2v.server, neither on the kernel command line nor in the image: "
		   "nothing is done, and nothing is written to this machine's disks");
	log_notice("to convert it, restart it with p2v.server=HOST and p2v.password=... or "
		   "p2v.identity=URL on the kernel command line: see the entry 'Edit' of the ISO's boot "
		   "menu; p2v-pxe(8) for booting from the network; p2v.parameters(7) for all parameters");
	if (ending->config->shell)
		log_notice("in the shell, 'p2vd --inventory' shows this machine's disks and cards");
	offer_keys(ending);
	if (ending->config->interactive)
		console_forms_everywhere(ending->console, true);
}
