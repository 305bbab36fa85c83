// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An SSH session with servers that are not SSH or close the connection: real sockets on
 * the loopback. For a real sshd see tests/integration.
 */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "ssh/ssh.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

/* The result, and the server. */
struct fixture {
	sd_event *event;
	sd_event_source *accepting, *limit;
	const char *says; /* what the server sends before it closes the connection */
	int listener;
	unsigned accepted;
	struct sockaddr_in address;
	struct ssh *ssh;
	unsigned failures;
	enum ssh_failure failure;
	char *reason;
};

static int on_accept(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct fixture *fixture = user;
	AUTO_CLOSE int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	(void)source, (void)events;
	assert_true(client >= 0);
	fixture->accepted++;
	assert_int_equal(send(client, fixture->says, strlen(fixture->says), MSG_NOSIGNAL),
			 strlen(fixture->says));
	shutdown(client, SHUT_RDWR);
	return 0;
}

static int on_limit(sd_event_source *source, uint64_t now, void *user)
{
	(void)source, (void)now, (void)user;
	fail_msg("nothing came back");
	return 0;
}

static void on_ready(void *user)
{
	(void)user;
	fail_msg("logged in");
}

static void on_failed(void *user, enum ssh_failure failure, const char *reason)
{
	struct fixture *fixture = user;

	fixture->failures++;
	fixture->failure = failure;
	fixture->reason = text_copy(reason);
	sd_event_exit(fixture->event, 0);
}

/* A port on 127.0.0.1, with or without a server. */
static void set_up(struct fixture *fixture, const char *says)
{
	struct ssh_login login = { .user = "jo", .password = "secret" };
	struct ssh_events events = { .ready = on_ready, .failed = on_failed, .user = fixture };
	socklen_t length = sizeof(fixture->address);

	*fixture = (struct fixture){ .says = says };
	fixture->address = (struct sockaddr_in){ .sin_family = AF_INET };
	fixture->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fixture->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fixture->listener, (struct sockaddr *)&fixture->address, length), 0);
	assert_int_equal(getsockname(fixture->listener, (struct sockaddr *)&fixture->address,
				     &length),
			 0);
	assert_true(sd_event_new(&fixture->event) >= 0);
	if (says) {
		assert_int_equal(listen(fixture->listener, 8), 0);
		assert_true(sd_event_add_io(fixture->event, &fixture->accepting, fixture->listener,
					    EPOLLIN, on_accept, fixture) >= 0);
	}
	assert_true(sd_event_add_time_relative(fixture->event, &fixture->limit, CLOCK_MONOTONIC,
					       20000000, 0, on_limit, fixture) >= 0);
	fixture->ssh = ssh_new(fixture->event, &login, &events);
}

static void tear_down(struct fixture *fixture)
{
	ssh_free(fixture->ssh);
	sd_event_source_disable_unref(fixture->accepting);
	sd_event_source_disable_unref(fixture->limit);
	sd_event_unref(fixture->event);
	close(fixture->listener);
	free(fixture->reason);
}

static struct addrinfo address_of(const struct fixture *fixture, struct addrinfo *next)
{
	return (struct addrinfo){
		.ai_family = AF_INET,
		.ai_socktype = SOCK_STREAM,
		.ai_addr = (struct sockaddr *)&fixture->address,
		.ai_addrlen = sizeof(fixture->address),
		.ai_next = next,
	};
}

static void connect_to(struct fixture *fixture, const struct addrinfo *addresses)
{
	ssh_connect(fixture->ssh, addresses);
	assert_int_equal(fixture->failures, 0); /* not called from within ssh_connect() */
	assert_true(sd_event_loop(fixture->event) >= 0);
	assert_int_equal(fixture->failures, 1);
}

static void test_nobody(void **state)
{
	struct fixture fixture;
	struct addrinfo address;

	(void)state;
	set_up(&fixture, NULL);
	address = address_of(&fixture, NULL);
	connect_to(&fixture, &address);
	assert_int_equal(fixture.failure, SSH_UNREACHABLE);
	assert_string_equal(fixture.reason, "127.0.0.1: Connection refused");
	tear_down(&fixture);
}

static void test_no_ssh_server(void **state)
{
	static const char *const others[] = { "", "HTTP/1.1 400 Bad Request\r\n\r\n", "\n\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		struct fixture fixture;
		struct addrinfo address;

		set_up(&fixture, others[i]);
		address = address_of(&fixture, NULL);
		connect_to(&fixture, &address);
		assert_int_equal(fixture.failure, SSH_UNREACHABLE);
		if (!strstr(fixture.reason, "it is not an SSH server"))
			fail_msg("%zu: %s", i, fixture.reason);
		tear_down(&fixture);
	}
}

/* What a server does that is at its MaxStartups or is just starting. */
static void test_closed_in_key_exchange(void **state)
{
	struct fixture fixture;
	struct addrinfo address;

	(void)state;
	set_up(&fixture, "SSH-2.0-OpenSSH_10.0\r\n");
	address = address_of(&fixture, NULL);
	connect_to(&fixture, &address);
	assert_int_equal(fixture.failure, SSH_UNREACHABLE);
	assert_non_null(strstr(fixture.reason, "closed during the key exchange"));
	tear_down(&fixture);
}

/* Every address is tried, and the reason is that of the last one. */
static void test_addresses(void **state)
{
	struct fixture fixture;
	struct addrinfo last, second, first;

	(void)state;
	set_up(&fixture, "HTTP/1.1 400 Bad Request\r\n\r\n");
	last = address_of(&fixture, NULL);
	second = address_of(&fixture, &last);
	first = address_of(&fixture, &second);
	connect_to(&fixture, &first);
	assert_int_equal(fixture.accepted, 3);
	assert_int_equal(fixture.failure, SSH_UNREACHABLE);
	tear_down(&fixture);
}

static int on_free(sd_event_source *source, void *user)
{
	struct fixture *fixture = user;

	(void)source;
	ssh_free(steal(fixture->ssh));
	sd_event_exit(fixture->event, 0);
	return 0;
}

static void on_dropped(void *user)
{
	++*(unsigned *)user;
}

/* Freed before any answer: only dropped() is called, for the queued command. */
static void test_freed(void **state)
{
	struct fixture fixture;
	struct addrinfo address;
	unsigned dropped = 0;

	(void)state;
	set_up(&fixture, "");
	address = address_of(&fixture, NULL);
	ssh_connect(fixture.ssh, &address);
	ssh_run(fixture.ssh,
		&(struct ssh_command){ .script = "true", .dropped = on_dropped, .user = &dropped });
	assert_true(sd_event_add_defer(fixture.event, NULL, on_free, &fixture) >= 0);
	assert_true(sd_event_loop(fixture.event) >= 0);
	assert_int_equal(fixture.failures, 0);
	assert_int_equal(dropped, 1);
	tear_down(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_no_ssh_server),
		cmocka_unit_test(test_closed_in_key_exchange),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
