// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which of several servers a conversion goes to. They are asked beside each other, so that one
 * that does not answer costs the others no time; all of them first, as on any of them an earlier
 * run of this machine may have to be ended. While the conversion waits in the queue of one, the
 * others are asked again (choice_looks()), and it goes to the first that has a slot free: only when
 * it has that slot, so that it loses no place in vain.
 */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/server_list.h"
#include "base/text.h"
#include "conversion/conversion_servers.h"
#include "inventory/machine_identity.h"

#include <inttypes.h>
#include <string.h>

#define ROUND_PAUSE 10 /* seconds, between two rounds in which no server could serve this machine */
#define LOOK_SECONDS 60
#define LOOK_SOON 1 /* where the slot that was free has gone to another machine */

static int on_timer(sd_event_source *source, uint64_t now, void *user);
static void decide(struct conversion *conversion);
static void look_done(struct conversion *conversion);

/* ---- asking them ------------------------------------------------------------------- */

static void set_timer(struct conversion *conversion, unsigned seconds)
{
	sd_event_source **timer = &conversion->choosing->timer;

	if (!*timer && sd_event_add_time_relative(conversion->event, timer, CLOCK_BOOTTIME, 0, 0,
						  on_timer, conversion) < 0)
		abort(); /* no memory */
	sd_event_source_set_time_relative(*timer, seconds * 1000000ULL);
	sd_event_source_set_enabled(*timer, SD_EVENT_ONESHOT);
}

/* What is new of a server. */
static void tell(struct candidate *candidate, const struct offer *offer)
{
	AUTO_FREE char *text = offer_text(offer);

	if (candidate->why && !strcmp(candidate->why, text))
		return;
	free(candidate->why);
	candidate->why = text_copy(text);
	if (offer->wrong)
		log_warning("server '%s' is passed over: %s", candidate->text, text);
	else
		log_notice("server '%s': %s", candidate->text, text);
}

static bool all_answered(const struct choosing *choosing)
{
	for (size_t i = 0; i < choosing->count; i++)
		if (choosing->candidates[i].scout && !scout_offer(choosing->candidates[i].scout))
			return false;
	return true;
}

/* Whether it is another name of the chosen server: what we have there is what we have here. */
static bool is_chosen_one(const struct choosing *choosing, size_t index)
{
	const char *chosen = choosing->candidates[choosing->chosen].queue_of;
	const char *other = choosing->candidates[index].queue_of;

	return index == choosing->chosen || (chosen && other && !strcmp(chosen, other));
}

static int best(const struct choosing *choosing, bool others)
{
	const struct offer *offers[SERVERS_MOST] = { 0 };

	for (size_t i = 0; i < choosing->count; i++)
		if (choosing->candidates[i].scout && !(others && is_chosen_one(choosing, i)))
			offers[i] = scout_offer(choosing->candidates[i].scout);
	return choice_best(offers, choosing->count, choosing->first);
}

static void on_done(void *user, const struct offer *offer)
{
	struct candidate *candidate = user;
	struct conversion *conversion = candidate->conversion;

	candidate->able = candidate->able || !offer->wrong;
	tell(candidate, offer);
	if (!all_answered(conversion->choosing))
		return;
	if (conversion->choosing->looking)
		look_done(conversion);
	else
		decide(conversion);
}

static void on_answered(void *user, const struct server *server)
{
	struct candidate *candidate = user;

	free(candidate->queue_of);
	candidate->queue_of = text_copy(server->queue_of);
	conversion_tell_own(server);
}

static void on_logged_in(void *user, struct ssh *ssh)
{
	const struct candidate *candidate = user;

	credentials_pin(candidate->credentials, ssh);
}

/* The key is there: for the scout that waits for it, or for the conversion itself. */
static void on_credentials(void *user)
{
	struct candidate *candidate = user;
	const struct ssh_login *login = credentials_login(candidate->credentials);

	if (candidate->scout)
		scout_log_in(candidate->scout, login);
	else if (candidate->conversion->resuming && !conversion_over(candidate->conversion))
		connection_login_again(candidate->conversion->connection, login);
	else if (!conversion_over(candidate->conversion))
		connection_login(candidate->conversion->connection, login);
}

static void on_credentials_failed(void *user, enum credentials_failure failure, const char *reason)
{
	struct candidate *candidate = user;

	if (candidate->scout && failure != CREDENTIALS_KNOWN_HOSTS)
		scout_give_up(candidate->scout, reason);
	else
		conversion_fail(candidate->conversion,
				failure == CREDENTIALS_KNOWN_HOSTS ? EXIT_CONFIGURATION :
								     EXIT_SERVER,
				reason);
}

static void on_waiting(void *user, const char *line)
{
	struct candidate *candidate = user;

	if (!candidate->scout)
		conversion_tell_waiting(candidate->conversion, line);
}

static void get_credentials(struct candidate *candidate)
{
	struct credentials_events events = {
		.ready = on_credentials,
		.failed = on_credentials_failed,
		.waiting = on_waiting,
		.user = candidate,
	};

	if (!candidate->credentials)
		candidate->credentials = credentials_new(candidate->conversion->event,
							 &candidate->view.config, &events);
	candidate->conversion->credentials = servers_chosen(candidate->conversion)->credentials;
	credentials_get(candidate->credentials,
			candidate->conversion->resuming ? RETRY_LINK : RETRY_SERVER);
}

static void ask(struct candidate *candidate)
{
	struct conversion *conversion = candidate->conversion;
	/* As in the test: a look at the machine ends nothing of it. */
	AUTO_FREE char *identity = conversion->look ? NULL :
						      machine_identity(&conversion->hardware);
	struct scout_setup setup = {
		.config = &candidate->view.config,
		.call = conversion_queue_call(conversion, identity),
		/* It is judged once: what should be known of it would be told each minute. */
		.bytes = candidate->able ? 0 : disks_bytes(&conversion->hardware.disks),
	};
	struct scout_events events = {
		.logged_in = on_logged_in,
		.answered = on_answered,
		.done = on_done,
		.user = candidate,
	};

	scout_free(candidate->scout);
	candidate->scout = scout_new(conversion->event, &setup, &events);
	get_credentials(candidate);
}

/* Asks all but @but, -1 for none. */
static void ask_all(struct conversion *conversion, int but)
{
	struct choosing *choosing = conversion->choosing;

	for (size_t i = 0; i < choosing->count; i++)
		if (!choosing->candidates[i].unfit && (int)i != but)
			ask(choosing->candidates + i);
}

/* ---- the choice ---------------------------------------------------------------------- */

static void on_left_there(void *user)
{
	struct candidate *candidate = user;

	scout_free(steal(candidate->scout));
}

/* What this machine has in the queues of others, as of before it was started anew, is given up. */
static void leave_others(struct conversion *conversion)
{
	struct choosing *choosing = conversion->choosing;

	for (size_t i = 0; i < choosing->count; i++) {
		struct candidate *candidate = choosing->candidates + i;
		const struct offer *offer = candidate->scout ? scout_offer(candidate->scout) : NULL;

		if (offer && offer->look.ours && !is_chosen_one(choosing, i))
			scout_leave(candidate->scout, on_left_there, candidate);
		else
			scout_free(steal(candidate->scout));
	}
}

/* The state is entered again, to connect. */
static void go_to(struct conversion *conversion, size_t index)
{
	struct choosing *choosing = conversion->choosing;

	servers_use(conversion, index);
	choosing->decided = true;
	choosing->begun = 0;
	conversion_go(conversion, STATE_CONNECTING);
}

void conversion_log_in(struct conversion *conversion)
{
	get_credentials(servers_chosen(conversion));
}

/* "'a': why; 'b': why". The caller frees. */
static char *all_reasons(const struct choosing *choosing)
{
	AUTO_LIST char **list = NULL;

	for (size_t i = 0; i < choosing->count; i++)
		list_append(&list, text_format("'%s': %s", choosing->candidates[i].text,
					       choosing->candidates[i].why ?: "no answer"));
	return list_join(list, "; ");
}

/* Whether it can be worth while to ask again. */
static bool some_are_down(const struct choosing *choosing)
{
	for (size_t i = 0; i < choosing->count; i++)
		if (choosing->candidates[i].scout &&
		    scout_offer(choosing->candidates[i].scout)->down)
			return true;
	return false;
}

/* No server can serve this machine. */
static void decide_later(struct conversion *conversion)
{
	struct choosing *choosing = conversion->choosing;
	AUTO_FREE char *reasons = all_reasons(choosing);
	AUTO_FREE char *reason = text_format("no server can convert this machine: %s", reasons);
	uint64_t now = 0;
	unsigned timeout = conversion->queued ? conversion->base->reconnect_timeout :
						conversion->base->connect_timeout;

	sd_event_now(conversion->event, CLOCK_BOOTTIME, &now);
	if (!choosing->begun)
		choosing->begun = now;
	if (!some_are_down(choosing) || now - choosing->begun >= timeout * 1000000ULL) {
		conversion_fail(conversion, EXIT_SERVER, reason);
		return;
	}
	conversion_tell_waiting(conversion, "waiting for a server that can convert this machine");
	set_timer(conversion, ROUND_PAUSE);
}

static void decide(struct conversion *conversion)
{
	int index = best(conversion->choosing, false);

	if (conversion_over(conversion) || conversion->state != STATE_CONNECTING)
		return;
	conversion_tell_waiting(conversion, NULL);
	if (index < 0) {
		decide_later(conversion);
		return;
	}
	log_notice("server '%s' is chosen: %s", conversion->choosing->candidates[index].text,
		   conversion->choosing->candidates[index].why);
	conversion->choosing->was_free =
		offer_is_free(scout_offer(conversion->choosing->candidates[index].scout));
	go_to(conversion, (size_t)index);
}

/* Here nobody is in a callback of the connection. */
static void come_from(struct conversion *conversion)
{
	struct choosing *choosing = conversion->choosing;

	choosing->settled = true;
	if (choosing->connected == choosing->chosen)
		return;
	choosing->connected = choosing->chosen;
	connection_free(steal(conversion->connection));
	conversion->no_relay = false;
}

bool conversion_choose(struct conversion *conversion)
{
	struct choosing *choosing = conversion->choosing;
	bool decided = choosing->decided || conversion->uncleared || conversion->resuming;

	choosing->decided = false;
	if (!conversion_has_several(conversion) || decided) {
		leave_others(conversion);
		come_from(conversion);
		return true;
	}
	servers_ask_no_more(conversion);
	conversion_choose_name(conversion);
	log_notice("asking %zu servers which of them serves this machine first", choosing->count);
	conversion_tell_waiting(conversion, "asking the servers which of them is free");
	ask_all(conversion, -1);
	return false;
}

bool conversion_pass_over(struct conversion *conversion, const char *reason)
{
	struct choosing *choosing = conversion->choosing;
	struct ssh *ssh = connection_ssh(conversion->connection);
	size_t left = 0;

	for (size_t i = 0; i < choosing->count; i++)
		left += !choosing->candidates[i].unfit && i != choosing->chosen;
	if (!left || conversion_over(conversion) || conversion->v2v_launched ||
	    conversion->relay_started || conversion->making || conversion->uncleared)
		return false;
	log_warning("server '%s' is passed over: %s", servers_chosen(conversion)->text, reason);
	servers_chosen(conversion)->unfit = true;
	free(servers_chosen(conversion)->why);
	servers_chosen(conversion)->why = text_copy(reason);
	if (conversion->queued && ssh)
		conversion_give_back(conversion, ssh, NULL);
	conversion->queued = false;
	conversion_go(conversion, STATE_CONNECTING);
	return true;
}

/* ---- while it waits -------------------------------------------------------------------- */

void conversion_look_at_others(struct conversion *conversion)
{
	struct choosing *choosing = conversion->choosing;

	if (conversion_has_several(conversion))
		set_timer(conversion, choosing->was_free ? LOOK_SOON : LOOK_SECONDS);
	choosing->minutes = choosing->was_free ? CHOICE_MINUTES_MOST : 0;
	choosing->was_free = false;
}

static int on_timer(sd_event_source *source, uint64_t now, void *user)
{
	struct conversion *conversion = user;
	struct choosing *choosing = conversion->choosing;

	(void)source, (void)now;
	if (conversion_over(conversion))
		return 0;
	if (conversion->state == STATE_CONNECTING) {
		ask_all(conversion, -1);
	} else if (conversion->state == STATE_QUEUED &&
		   !choice_looks(++choosing->minutes, conversion->place.place)) {
		set_timer(conversion, LOOK_SECONDS);
	} else if (conversion->state == STATE_QUEUED) {
		choosing->minutes = 0;
		choosing->looking = true;
		ask_all(conversion, (int)choosing->chosen);
		if (all_answered(choosing)) /* nobody is asked */
			look_done(conversion);
	}
	return 0;
}

static bool waits(const struct conversion *conversion)
{
	return conversion->state == STATE_QUEUED && !conversion_over(conversion);
}

static void look_later(struct conversion *conversion)
{
	servers_ask_no_more(conversion);
	if (waits(conversion))
		set_timer(conversion, LOOK_SECONDS);
}

static void on_left_here(void *user)
{
	struct conversion *conversion = user;

	if (waits(conversion))
		go_to(conversion, conversion->choosing->slot);
}

/* It has a slot of another server, or its turn has come here while it asked for that. */
static void on_taken(void *user, bool taken)
{
	struct candidate *candidate = user;
	struct conversion *conversion = candidate->conversion;
	struct choosing *choosing = conversion->choosing;
	struct ssh *ssh = connection_ssh(conversion->connection);

	if (!taken) {
		look_later(conversion);
		return;
	}
	if (!waits(conversion) || !ssh) {
		scout_leave(candidate->scout, on_left_there, candidate);
		return;
	}
	log_notice("server '%s' has a slot free: going there", candidate->text);
	choosing->slot = (size_t)(candidate - choosing->candidates);
	conversion->queued = false;
	conversion_give_back(conversion, ssh, on_left_here);
}

static void look_done(struct conversion *conversion)
{
	struct choosing *choosing = conversion->choosing;
	int index = best(choosing, true);
	struct candidate *candidate = index < 0 ? NULL : choosing->candidates + index;

	choosing->looking = false;
	if (!candidate || !waits(conversion) || !offer_is_free(scout_offer(candidate->scout))) {
		look_later(conversion);
		return;
	}
	for (size_t i = 0; i < choosing->count; i++)
		if ((int)i != index)
			scout_free(steal(choosing->candidates[i].scout));
	scout_take(candidate->scout, on_taken, candidate);
}
