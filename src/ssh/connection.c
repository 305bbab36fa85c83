// SPDX-License-Identifier: GPL-2.0-or-later
/* The way to the conversion server. */
#include "ssh/connection.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "network/network.h"
#include "network/resolve.h"
#include "network/retry.h"

struct connection {
	sd_event *event;
	const struct config *config;
	struct connection_events events;
	const struct ssh_login *login; /* NULL while only a route is wanted */
	struct resolve *resolve;
	struct addrinfo *addresses;
	struct ssh *ssh;
	bool ready;
	struct retry *retry;
	sd_event_source *verdict;
	char *final; /* why it is over, said by verdict */
};

static void give_up(struct connection *connection, const char *reason)
{
	connection->events.failed(connection->events.user, reason);
}

static void try_again(struct connection *connection, const char *missing)
{
	AUTO_FREE char *over = retry_later(connection->retry, missing);
	AUTO_FREE char *reason = NULL;

	if (!over)
		return;
	reason = text_format("conversion server '%s' cannot be reached: %s",
			     connection->config->server, over);
	give_up(connection, reason);
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
	retry_rest(connection->retry);
	if (connection->login)
		log_in(connection);
	else
		connection->events.found(connection->events.user);
}

static void on_waiting(void *user, const char *line)
{
	struct connection *connection = user;

	connection->events.waiting(connection->events.user, line);
}

static void on_again(void *user)
{
	struct connection *connection = user;

	connection->resolve = resolve_start(connection->event, connection->config->server,
					    connection->config->port, on_resolved, connection);
}

struct connection *connection_new(sd_event *event, const struct config *config,
				  const struct connection_events *events)
{
	struct connection *connection = memory_zero(1, sizeof(*connection));
	struct retry_events retry = { .again = on_again,
				      .waiting = on_waiting,
				      .user = connection };
	AUTO_FREE char *what = text_format("server '%s'", config->server);

	*connection = (struct connection){ .event = event, .config = config, .events = *events };
	connection->retry = retry_new(event, config, what, &retry);
	if (sd_event_add_defer(event, &connection->verdict, on_verdict, connection) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(connection->verdict, SD_EVENT_OFF);
	return connection;
}

void connection_free(struct connection *connection)
{
	if (!connection)
		return;
	retry_free(connection->retry);
	sd_event_source_disable_unref(connection->verdict);
	resolve_free(connection->resolve);
	ssh_free(connection->ssh);
	if (connection->addresses)
		freeaddrinfo(connection->addresses);
	free(connection->final);
	free(connection);
}

void connection_find(struct connection *connection)
{
	connection->login = NULL;
	retry_begin(connection->retry, RETRY_NETWORK);
}

void connection_login(struct connection *connection, const struct ssh_login *login)
{
	ssh_free(steal(connection->ssh)); /* one that may be up yet, where all begins again */
	connection->ready = false;
	connection->login = login;
	retry_begin(connection->retry, RETRY_SERVER);
}

struct ssh *connection_ssh(const struct connection *connection)
{
	return connection->ready ? connection->ssh : NULL;
}
