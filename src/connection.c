// SPDX-License-Identifier: GPL-2.0-or-later
/* The way to the conversion server. */
#include "connection.h"

#include "cleanup.h"
#include "log.h"
#include "network.h"
#include "resolve.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

#define SECOND 1000000ULL
#define PAUSE_FIRST (1 * SECOND)
#define PAUSE_LONGEST (30 * SECOND)
/* While the network comes up there is nothing to be polite to. */
#define PAUSE_LONGEST_NETWORK (5 * SECOND)

struct connection {
	sd_event *event;
	const struct config *config;
	struct connection_events events;
	const struct ssh_login *login; /* NULL while only a route is wanted */
	struct resolve *resolve;
	struct addrinfo *addresses;
	struct ssh *ssh;
	bool ready;
	char *missing; /* what was said last */
	uint64_t deadline, pause;
	sd_event_source *retry, *verdict;
	char *final; /* why it is over, said by verdict */
};

static uint64_t now(const struct connection *connection)
{
	uint64_t time = 0;

	sd_event_now(connection->event, CLOCK_BOOTTIME, &time);
	return time;
}

static void begin(struct connection *connection, unsigned seconds)
{
	free(steal(connection->missing));
	connection->deadline = now(connection) + seconds * SECOND;
	connection->pause = PAUSE_FIRST;
	sd_event_source_set_time(connection->retry, now(connection));
	sd_event_source_set_enabled(connection->retry, SD_EVENT_ONESHOT);
}

static void give_up(struct connection *connection, const char *reason)
{
	connection->events.failed(connection->events.user, reason);
}

static void tell_waiting(struct connection *connection)
{
	uint64_t left = (connection->deadline - now(connection) + SECOND - 1) / SECOND;
	AUTO_FREE char *line = text_format("waiting for server '%s', %" PRIu64 " s more",
					   connection->config->server, left);

	connection->events.waiting(connection->events.user, line);
}

static void try_again(struct connection *connection, const char *missing)
{
	uint64_t longest = connection->login ? PAUSE_LONGEST : PAUSE_LONGEST_NETWORK;

	if (now(connection) >= connection->deadline) {
		AUTO_FREE char *reason = text_format(
			"conversion server '%s' cannot be reached: %s; %s sets how long to try",
			connection->config->server, missing,
			connection->login ? "p2v.connect_timeout" : "p2v.network_timeout");

		give_up(connection, reason);
		return;
	}
	if (!connection->missing || strcmp(connection->missing, missing)) {
		log_notice("waiting for server '%s': %s", connection->config->server, missing);
		free(connection->missing);
		connection->missing = text_copy(missing);
	}
	tell_waiting(connection);
	sd_event_source_set_time_relative(connection->retry, connection->pause);
	sd_event_source_set_enabled(connection->retry, SD_EVENT_ONESHOT);
	connection->pause = 2 * connection->pause < longest ? 2 * connection->pause : longest;
}

/* The session may not be freed inside its own callback, so what follows from
 * its end is done here. */
static int on_verdict(sd_event_source *source, void *user)
{
	struct connection *connection = user;
	AUTO_FREE char *reason = steal(connection->final);
	bool was_ready = connection->ready;

	(void)source;
	ssh_free(steal(connection->ssh));
	connection->ready = false;
	if (was_ready)
		connection->events.lost(connection->events.user, reason);
	else if (connection->login)
		try_again(connection, reason);
	return 0;
}

static void on_ssh_failed(void *user, enum ssh_failure failure, const char *reason)
{
	struct connection *connection = user;

	if (failure == SSH_REFUSED) {
		give_up(connection, reason);
		return;
	}
	connection->final = text_copy(reason);
	sd_event_source_set_enabled(connection->verdict, SD_EVENT_ONESHOT);
}

static void on_ssh_ready(void *user)
{
	struct connection *connection = user;

	connection->ready = true;
	connection->events.ready(connection->events.user, connection->ssh);
}

static void log_in(struct connection *connection)
{
	struct ssh_events events = {
		.ready = on_ssh_ready,
		.failed = on_ssh_failed,
		.user = connection,
	};

	connection->ssh = ssh_new(connection->event, connection->login, &events);
	ssh_connect(connection->ssh, connection->addresses);
}

static void on_resolved(void *user, struct addrinfo *addresses, const char *reason)
{
	struct connection *connection = user;
	AUTO_FREE char *missing = addresses ? network_missing_all("", addresses) :
						network_missing_name("", reason);

	resolve_free(steal(connection->resolve));
	if (connection->addresses)
		freeaddrinfo(connection->addresses);
	connection->addresses = addresses;
	if (missing) {
		try_again(connection, missing);
		return;
	}
	connection->events.waiting(connection->events.user, NULL);
	if (connection->login)
		log_in(connection);
	else
		connection->events.found(connection->events.user);
}

static int on_retry(sd_event_source *source, uint64_t time, void *user)
{
	struct connection *connection = user;

	(void)source, (void)time;
	connection->resolve = resolve_start(connection->event, connection->config->server,
					    connection->config->port, on_resolved, connection);
	return 0;
}

struct connection *connection_new(sd_event *event, const struct config *config,
				  const struct connection_events *events)
{
	struct connection *connection = text_zero(1, sizeof *connection);

	*connection = (struct connection){ .event = event, .config = config, .events = *events };
	if (sd_event_add_time_relative(event, &connection->retry, CLOCK_BOOTTIME, 0, 0, on_retry,
				       connection) < 0 ||
	    sd_event_add_defer(event, &connection->verdict, on_verdict, connection) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(connection->retry, SD_EVENT_OFF);
	sd_event_source_set_enabled(connection->verdict, SD_EVENT_OFF);
	return connection;
}

void connection_free(struct connection *connection)
{
	if (!connection)
		return;
	sd_event_source_disable_unref(connection->retry);
	sd_event_source_disable_unref(connection->verdict);
	resolve_free(connection->resolve);
	ssh_free(connection->ssh);
	if (connection->addresses)
		freeaddrinfo(connection->addresses);
	free(connection->missing);
	free(connection->final);
	free(connection);
}

void connection_find(struct connection *connection)
{
	connection->login = NULL;
	begin(connection, connection->config->network_timeout);
}

void connection_login(struct connection *connection, const struct ssh_login *login)
{
	ssh_free(steal(connection->ssh)); /* one that may be up yet, where all begins again */
	connection->ready = false;
	connection->login = login;
	begin(connection, connection->config->connect_timeout);
}

struct ssh *connection_ssh(const struct connection *connection)
{
	return connection->ready ? connection->ssh : NULL;
}
