// SPDX-License-Identifier: GPL-2.0-or-later
/* One of several servers is asked what it offers. */
#include "conversion/scout.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/remote.h"
#include "server/requirements.h"
#include "server/v2v.h"
#include "ssh/connection.h"

#include <string.h>

#define ANSWER_SECONDS 60 /* of a server, the login with it */
#define TAKE_SECONDS 20
#define PROBE_VALUES (V2V_VALUES + QUEUE_VALUES + 3)

struct scout {
	sd_event *event;
	struct scout_setup setup;
	struct scout_events events;
	char *unique, *guest, *identity, *own;
	struct connection *connection;
	sd_event_source *limit, *end;
	struct offer offer;
	bool done, got;
	void (*taken)(void *user, bool taken);
	void (*left)(void *user);
	void *user; /* of these */
};

/* done() frees the scout, which must not be in a callback of its connection. */
static int on_end(sd_event_source *source, void *user)
{
	struct scout *scout = user;

	(void)source;
	if (!scout->done) {
		scout->done = true;
		scout->events.done(scout->events.user, &scout->offer);
	} else if (scout->taken) {
		steal(scout->taken)(scout->user, scout->got);
	} else if (scout->left) {
		steal(scout->left)(scout->user);
	}
	return 0;
}

static void end(struct scout *scout)
{
	sd_event_source_set_enabled(scout->limit, SD_EVENT_OFF);
	sd_event_source_set_enabled(scout->end, SD_EVENT_ONESHOT);
}

static void down(struct scout *scout, const char *reason)
{
	if (!scout->done && !scout->offer.wrong) {
		scout->offer.wrong = text_copy(reason);
		scout->offer.down = true;
	}
	end(scout);
}

void scout_give_up(struct scout *scout, const char *reason)
{
	down(scout, reason);
}

static int on_limit(sd_event_source *source, uint64_t now, void *user)
{
	AUTO_FREE char *reason = text_format("it has not answered for %d s", ANSWER_SECONDS);

	(void)source, (void)now;
	down(user, reason);
	return 0;
}

static void on_failed(void *user, const char *reason)
{
	down(user, reason);
}

static void on_nothing(void *user)
{
	(void)user;
}

static void on_waiting(void *user, const char *line)
{
	(void)user, (void)line;
}

/* ---- the test -------------------------------------------------------------------- */

/* Why this server cannot serve the machine; NULL: it can. */
static char *judge(const struct scout *scout, const struct server *server, const char *error)
{
	const struct config *config = scout->setup.config;
	char *wrong = requirements_no_shell(server, config->username, error);

	if (!wrong && scout->setup.bytes && !config->skip_test_connection)
		wrong = requirements_unmet(server, config, scout->setup.bytes);
	return wrong;
}

/* A server that can have no queue has room for everybody. */
static void read_queue(struct scout *scout, const struct server *server)
{
	struct queue_look *look = &scout->offer.look;

	*look = (struct queue_look){ .place = 1, .slots = 1 };
	for (char *const *line = server->queue; line && *line; line++)
		queue_look_read(look, *line);
}

static void on_probe(void *user, int status, const char *output, const char *error)
{
	struct scout *scout = user;
	struct server server;

	(void)status;
	if (scout->done || scout->offer.wrong)
		return;
	server_parse(&server, output, strlen(output));
	scout->offer.wrong = judge(scout, &server, error);
	read_queue(scout, &server);
	scout->events.answered(scout->events.user, &server);
	server_clear(&server);
	end(scout);
}

static void on_ready(void *user, struct ssh *ssh)
{
	struct scout *scout = user;
	struct script_value values[PROBE_VALUES];
	struct queue_words words;
	size_t count;

	scout->events.logged_in(scout->events.user, ssh);
	count = v2v_values(scout->setup.config, scout->guest, NULL, values);
	count += queue_values(&scout->setup.call, &words, values + count);
	values[count++] = (struct script_value){ "identity", scout->identity };
	values[count++] = (struct script_value){ "own", scout->own };
	values[count++] = (struct script_value){ "look", "yes" };
	remote_run(ssh, &(struct remote_call){ .script = SCRIPT_PROBE,
					       .values = values,
					       .count = count,
					       .timeout = ANSWER_SECONDS,
					       .done = on_probe,
					       .user = scout });
}

struct scout *scout_new(sd_event *event, const struct scout_setup *setup,
			const struct scout_events *events)
{
	struct scout *scout = memory_zero(1, sizeof(*scout));
	struct connection_events connection = {
		.found = on_nothing,
		.ready = on_ready,
		.failed = on_failed,
		.lost = on_failed,
		.waiting = on_waiting,
		.user = scout,
	};

	*scout = (struct scout){
		.event = event,
		.setup = *setup,
		.events = *events,
		.unique = text_copy(setup->call.unique),
		.guest = text_copy(setup->call.guest),
		.identity = text_copy(setup->call.identity),
		.own = text_copy(setup->call.own),
	};
	scout->setup.call.unique = scout->unique;
	scout->setup.call.guest = scout->guest;
	scout->setup.call.identity = scout->identity;
	scout->setup.call.own = scout->own;
	scout->connection = connection_new(event, setup->config, &connection);
	if (sd_event_add_time_relative(event, &scout->limit, CLOCK_BOOTTIME,
				       ANSWER_SECONDS * 1000000ULL, 0, on_limit, scout) < 0 ||
	    sd_event_add_defer(event, &scout->end, on_end, scout) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(scout->end, SD_EVENT_OFF);
	return scout;
}

void scout_free(struct scout *scout)
{
	if (!scout)
		return;
	connection_free(scout->connection);
	sd_event_source_disable_unref(scout->limit);
	sd_event_source_disable_unref(scout->end);
	offer_clear(&scout->offer);
	free(scout->unique);
	free(scout->guest);
	free(scout->identity);
	free(scout->own);
	free(scout);
}

void scout_log_in(struct scout *scout, const struct ssh_login *login)
{
	connection_login_once(scout->connection, login);
}

const struct offer *scout_offer(const struct scout *scout)
{
	return scout->done ? &scout->offer : NULL;
}

/* ---- its queue ------------------------------------------------------------------- */

static void on_taken(void *user, int status, const char *output, const char *error)
{
	struct scout *scout = user;
	struct queue_place place;
	const char *rest;

	(void)status, (void)error;
	scout->got = queue_read(output, &place, &rest) == QUEUE_GRANTED;
	queue_place_clear(&place);
	end(scout);
}

void scout_take(struct scout *scout, void (*done)(void *user, bool taken), void *user)
{
	struct ssh *ssh = connection_ssh(scout->connection);
	struct script_value values[QUEUE_VALUES + 4];
	struct queue_words words;
	size_t count = queue_values(&scout->setup.call, &words, values);

	scout->taken = done;
	scout->user = user;
	if (!ssh) {
		end(scout);
		return;
	}
	values[count++] = (struct script_value){ "name", scout->guest };
	values[count++] = (struct script_value){ "identity", scout->identity };
	values[count++] = (struct script_value){ "own", scout->own };
	values[count++] = (struct script_value){ "queue_try", "yes" };
	remote_run(ssh, &(struct remote_call){ .script = SCRIPT_QUEUE,
					       .values = values,
					       .count = count,
					       .timeout = TAKE_SECONDS,
					       .done = on_taken,
					       .user = scout });
}

static void on_left(void *user)
{
	end(user);
}

void scout_leave(struct scout *scout, void (*done)(void *user), void *user)
{
	struct ssh *ssh = connection_ssh(scout->connection);

	scout->left = done;
	scout->user = user;
	if (ssh)
		queue_leave(ssh, &scout->setup.call, on_left, scout);
	else
		end(scout);
}
