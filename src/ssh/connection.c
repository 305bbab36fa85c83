// SPDX-License-Identifier: GPL-2.0-or-later
/* The control connection to the conversion server: route, login, new tries. */
#include "ssh/connection.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "network/route.h"

struct connection {
	sd_event *event;
	const struct config *config;
	struct connection_events events;
	const struct ssh_login *login; /* NULL as long as only a route is wanted */
	struct route *route;
	struct addrinfo *addresses;
	struct ssh *ssh;
	bool ready;
	bool once; /* a login that fails is not tried again */
	sd_event_source *session_end;
	char *end_reason; /* why the session has ended, for on_session_end() */
};

static void on_failed(void *user, const char *over)
{
	struct connection *connection = user;
	AUTO_FREE char *reason = text_format("conversion server '%s' cannot be reached: %s",
					     connection->config->server, over);

	connection->events.failed(connection->events.user, reason);
}

/* Called from the event loop: the session must not be freed in its own callback. */
static int on_session_end(sd_event_source *source, void *user)
{
	struct connection *connection = user;
	AUTO_FREE char *reason = steal(connection->end_reason);
	bool was_ready = connection->ready;

	(void)source;
	ssh_free(steal(connection->ssh));
	connection->ready = false;
	if (was_ready)
		connection->events.lost(connection->events.user, reason);
	else if (connection->login && connection->once)
		on_failed(connection, reason);
	else if (connection->login)
		route_again(connection->route, reason);
	return 0;
}

static void on_ssh_failed(void *user, enum ssh_failure failure, const char *reason)
{
	struct connection *connection = user;

	if (failure == SSH_REFUSED) {
		connection->events.failed(connection->events.user, reason);
		return;
	}
	connection->end_reason = text_copy(reason);
	sd_event_source_set_enabled(connection->session_end, SD_EVENT_ONESHOT);
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

static void on_found(void *user, struct addrinfo *addresses)
{
	struct connection *connection = user;

	if (connection->addresses)
		freeaddrinfo(connection->addresses);
	connection->addresses = addresses;
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

struct connection *connection_new(sd_event *event, const struct config *config,
				  const struct connection_events *events)
{
	struct connection *connection = memory_zero(1, sizeof(*connection));
	struct route_events route = {
		.found = on_found,
		.failed = on_failed,
		.waiting = on_waiting,
		.user = connection,
	};
	AUTO_FREE char *what = text_format("server '%s'", config->server);

	*connection = (struct connection){ .event = event, .config = config, .events = *events };
	connection->route = route_new(event, config, what, config->server, config->port, &route);
	if (sd_event_add_defer(event, &connection->session_end, on_session_end, connection) < 0)
		abort(); /* no memory */
	sd_event_source_set_enabled(connection->session_end, SD_EVENT_OFF);
	return connection;
}

void connection_free(struct connection *connection)
{
	if (!connection)
		return;
	route_free(connection->route);
	sd_event_source_disable_unref(connection->session_end);
	ssh_free(connection->ssh);
	if (connection->addresses)
		freeaddrinfo(connection->addresses);
	free(connection->end_reason);
	free(connection);
}

void connection_find(struct connection *connection)
{
	connection->login = NULL;
	route_find(connection->route, RETRY_NETWORK);
}

static void begin_login(struct connection *connection, enum retry_limit limit)
{
	ssh_free(steal(connection->ssh)); /* it may still be up if the conversion starts over */
	/* Its end may have been about to be told: that would end the new one. */
	sd_event_source_set_enabled(connection->session_end, SD_EVENT_OFF);
	free(steal(connection->end_reason));
	connection->ready = false;
	route_find(connection->route, limit);
}

void connection_login(struct connection *connection, const struct ssh_login *login)
{
	connection->login = login;
	begin_login(connection, RETRY_SERVER);
}

void connection_login_once(struct connection *connection, const struct ssh_login *login)
{
	connection->login = login;
	connection->once = true;
	begin_login(connection, RETRY_BRIEFLY);
}

void connection_login_again(struct connection *connection, const struct ssh_login *login)
{
	connection->login = login;
	begin_login(connection, RETRY_LINK);
}

struct ssh *connection_ssh(const struct connection *connection)
{
	return connection && connection->ready ? connection->ssh : NULL;
}
