// SPDX-License-Identifier: GPL-2.0-or-later
/* The way to a conversion server that is not there. */
#include "base/cleanup.h"
#include "base/text.h"
#include "ssh/connection.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

struct outcome {
	sd_event *event;
	unsigned found, waited, cleared;
	char *reason;
};

static void on_found(void *user)
{
	struct outcome *outcome = user;

	outcome->found++;
	sd_event_exit(outcome->event, 0);
}

static void on_ready(void *user, struct ssh *ssh)
{
	(void)user, (void)ssh;
	fail_msg("logged in");
}

static void on_failed(void *user, const char *reason)
{
	struct outcome *outcome = user;

	outcome->reason = text_copy(reason);
	sd_event_exit(outcome->event, 0);
}

static void on_lost(void *user, const char *reason)
{
	(void)user;
	fail_msg("lost: %s", reason);
}

static void on_waiting(void *user, const char *line)
{
	struct outcome *outcome = user;

	outcome->waited += line != NULL;
	outcome->cleared += !line;
}

/* A port of this machine on which nobody listens: it is bound until @socket is closed. */
static struct connection_events events_of(struct outcome *outcome)
{
	return (struct connection_events){
		.found = on_found,
		.ready = on_ready,
		.failed = on_failed,
		.lost = on_lost,
		.waiting = on_waiting,
		.user = outcome,
	};
}

static uint16_t closed_port(int *socket_)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(*socket_, (struct sockaddr *)&address, length), 0);
	assert_int_equal(getsockname(*socket_, (struct sockaddr *)&address, &length), 0);
	return ntohs(address.sin_port);
}

/* A route is enough to be found; a login wants somebody there, until the deadline. */
static void test_nobody(void **state)
{
	int bound;
	struct config config = {
		.server = (char *)"127.0.0.1",
		.port = closed_port(&bound),
		.network_timeout = 1,
		.connect_timeout = 1,
	};
	struct outcome outcome = { 0 };
	struct connection_events events = events_of(&outcome);
	struct ssh_login login = { .user = "jo", .password = "secret" };
	struct connection *connection;

	(void)state;
	assert_true(sd_event_new(&outcome.event) >= 0);
	connection = connection_new(outcome.event, &config, &events);
	connection_find(connection);
	assert_true(sd_event_loop(outcome.event) >= 0);
	assert_int_equal(outcome.found, 1);
	assert_null(connection_ssh(connection));
	connection_free(connection);
	sd_event_unref(outcome.event);

	assert_true(sd_event_new(&outcome.event) >= 0);
	connection = connection_new(outcome.event, &config, &events);
	connection_login(connection, &login);
	assert_true(sd_event_loop(outcome.event) >= 0);
	assert_int_equal(outcome.found, 1);
	assert_string_equal(outcome.reason,
			    "conversion server '127.0.0.1' cannot be reached: 127.0.0.1: Connection refused; "
			    "p2v.connect_timeout sets how long to try");
	assert_true(outcome.waited > 0);
	assert_true(outcome.cleared > 0);
	connection_free(connection);
	sd_event_unref(outcome.event);
	free(outcome.reason);
	close(bound);
}

static int on_enough(sd_event_source *source, uint64_t now, void *user)
{
	(void)source, (void)now;
	return sd_event_exit(user, 0);
}

/* After @steps events of a login that is refused, a new one begins, to a server that is silent.
 * Nothing that is left of the first may disturb it. Returns whether the first had got so far. */
static bool begin_anew_after(unsigned steps)
{
	int server;
	struct config config = {
		.server = (char *)"127.0.0.1",
		.port = closed_port(&server),
		.network_timeout = 10,
		.connect_timeout = 10,
	};
	struct outcome outcome = { 0 };
	struct connection_events events = events_of(&outcome);
	struct ssh_login login = { .user = "jo", .password = "secret" };
	struct connection *connection;
	bool waited;

	assert_true(sd_event_new(&outcome.event) >= 0);
	connection = connection_new(outcome.event, &config, &events);
	connection_login(connection, &login);
	for (unsigned i = 0; i < steps && !outcome.waited; i++)
		assert_true(sd_event_run(outcome.event, 100000) >= 0);
	waited = outcome.waited;
	assert_int_equal(listen(server, 8), 0);
	connection_login(connection, &login);
	outcome.waited = 0;
	assert_true(sd_event_add_time_relative(outcome.event, NULL, CLOCK_MONOTONIC, 300000, 0,
					       on_enough, outcome.event) >= 0);
	assert_true(sd_event_loop(outcome.event) >= 0);
	if (outcome.waited)
		fail_msg("the first login's end is told %u events after its begin", steps);
	connection_free(connection);
	sd_event_unref(outcome.event);
	free(outcome.reason);
	close(server);
	return waited;
}

static void test_begins_anew(void **state)
{
	unsigned steps = 0;

	(void)state;
	while (!begin_anew_after(steps))
		assert_true(++steps < 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
