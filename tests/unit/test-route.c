// SPDX-License-Identifier: GPL-2.0-or-later
/* route.c: the route to a host, on this machine's own network. */
#include "base/cleanup.h"
#include "base/text.h"
#include "network/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct outcome {
	sd_event *event;
	struct route *route;
	unsigned found, waited;
	unsigned failing; /* how many times what is tried shall fail */
	bool with_addresses;
	char *reason;
};

static void on_found(void *user, struct addrinfo *addresses)
{
	struct outcome *outcome = user;

	outcome->found++;
	outcome->with_addresses = addresses;
	if (addresses)
		freeaddrinfo(addresses);
	if (outcome->found <= outcome->failing)
		route_again(outcome->route, "the server hung up");
	else
		sd_event_exit(outcome->event, 0);
}

static void on_failed(void *user, const char *reason)
{
	struct outcome *outcome = user;

	outcome->reason = text_copy(reason);
	/* The callback may free the route. */
	route_free(steal(outcome->route));
	sd_event_exit(outcome->event, 0);
}

static void on_waiting(void *user, const char *line)
{
	struct outcome *outcome = user;

	outcome->waited += line != NULL;
}

static struct outcome find(const char *host, unsigned failing, enum retry_limit limit)
{
	static const struct config config = { .network_timeout = 1, .connect_timeout = 1 };
	struct outcome outcome = { .failing = failing };
	struct route_events events = {
		.found = on_found,
		.failed = on_failed,
		.waiting = on_waiting,
		.user = &outcome,
	};

	assert_true(sd_event_new(&outcome.event) >= 0);
	outcome.route = route_new(outcome.event, &config, "the host", host, 22, &events);
	route_find(outcome.route, limit);
	assert_int_equal(outcome.found, 0); /* not called from within route_find() */
	assert_true(sd_event_loop(outcome.event) >= 0);
	route_free(outcome.route);
	sd_event_unref(outcome.event);
	return outcome;
}

static void test_address(void **state)
{
	struct outcome outcome = find("127.0.0.1", 0, RETRY_NETWORK);

	(void)state;
	assert_int_equal(outcome.found, 1);
	assert_true(outcome.with_addresses);
	assert_null(outcome.reason);
}

/* Without a host no network is needed: found() is called at once. */
static void test_no_host(void **state)
{
	struct outcome outcome = find(NULL, 0, RETRY_NETWORK);

	(void)state;
	assert_int_equal(outcome.found, 1);
	assert_false(outcome.with_addresses);
	assert_int_equal(outcome.waited, 0);
}

static void test_again(void **state)
{
	struct outcome outcome = find("127.0.0.1", 1, RETRY_SERVER);

	(void)state;
	assert_int_equal(outcome.found, 2);
	assert_int_equal(outcome.waited, 1);
	assert_null(outcome.reason);
}

/* The last reason names the parameter that sets the deadline. */
static void test_deadline(void **state)
{
	struct outcome outcome = find("127.0.0.1", 1000, RETRY_SERVER);

	(void)state;
	assert_string_equal(outcome.reason,
			    "the server hung up; p2v.connect_timeout sets how long to try");
	free(outcome.reason);
}

static void test_unknown_name(void **state)
{
	struct outcome outcome = find("no.such.host.invalid", 0, RETRY_NETWORK);

	(void)state;
	assert_int_equal(outcome.found, 0);
	assert_non_null(strstr(outcome.reason, "no.such.host.invalid"));
	assert_non_null(strstr(outcome.reason, "p2v.network_timeout sets how long to try"));
	free(outcome.reason);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address),      cmocka_unit_test(test_no_host),
		cmocka_unit_test(test_again),        cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_unknown_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
