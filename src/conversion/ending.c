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

enum ending_state {
	BEFORE,
	COMMANDS, /* p2v.done or a user's command runs */
	OVER,
	LEAVING, /* the machine is powered off */
};

struct ending {
	sd_event *event;
	const struct config *config;
	bool appliance, stay;
	bool leaving;
	enum ending_state state;
	int code; /* of the conversion; after p2v.post, of both */
	const char *name; /* of the parameter whose command runs */
	struct announce *announce;
	struct hook *hook;
	void (*settled)(void *user);
	void *user;
};

struct ending *ending_new(sd_event *event, const struct config *config, bool appliance, bool stay,
			  void (*settled)(void *user), void *user)
{
	struct ending *ending = memory_zero(1, sizeof(*ending));

	*ending = (struct ending){
		.event = event,
		.config = config,
		.appliance = appliance,
		.stay = stay,
		.settled = settled,
		.user = user,
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

/* Tells what is left to do, or that nothing is. */
static void enter(struct ending *ending, enum ending_state state)
{
	ending->state = state;
	ending->settled(ending->user);
}

/* Called if power off fails: else systemd ends p2vd, too. */
static void on_power_off_done(void *user, const char *reason)
{
	struct ending *ending = user;

	if (!reason)
		return;
	log_error("%s; the machine is still on", reason);
	enter(ending, OVER);
}

static void power_off(struct ending *ending)
{
	log_notice("poweroff");
	hook_free(ending->hook);
	ending->hook = hook_start(ending->event, "poweroff", "systemctl poweroff", NULL,
				  on_power_off_done, ending);
	enter(ending, LEAVING);
}

void ending_again(struct ending *ending)
{
	announce_free(steal(ending->announce));
	hook_free(steal(ending->hook));
	ending->stay = true;
	ending->state = BEFORE;
	ending->code = EXIT_DONE;
}

void ending_tested(struct ending *ending)
{
	if (ending->leaving)
		sd_event_exit(ending->event, ending->code);
}

/* Called when nothing is left to do: ends p2vd, powers off, or waits for a person. */
static void settle(struct ending *ending)
{
	if (ending->appliance && !ending->leaving && !ending->code && !ending->stay &&
	    !ending->config->post) {
		power_off(ending);
		return;
	}
	enter(ending, OVER);
	if (ending->leaving || (!ending->appliance && !ending->stay))
		sd_event_exit(ending->event, ending->code);
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
	ending->hook = hook_start(ending->event, name, command, environment, on_hook_done, ending);
}

static void on_announced(void *user)
{
	struct ending *ending = user;

	run(ending, "p2v.post", ending->config->post, NULL);
}

void ending_looked(struct ending *ending)
{
	const struct config *config = ending->config;

	if (ending->appliance && !config->post && !(config->reports && *config->reports)) {
		log_notice("no p2v.report: the machine stays on, as what was found stands only here");
		ending->stay = true;
	}
	on_announced(ending);
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

bool ending_powers_off(const struct ending *ending)
{
	return ending->state == LEAVING;
}

int ending_code(const struct ending *ending)
{
	switch (ending->state) {
	case BEFORE:
		return EXIT_CONVERSION;
	case COMMANDS:
		return ending->code ? ending->code : EXIT_INTERNAL;
	case OVER:
	case LEAVING:
		return ending->code;
	}
	abort();
}

void ending_leave(struct ending *ending)
{
	ending->leaving = true;
}
