// SPDX-License-Identifier: GPL-2.0-or-later
/* resolve.c: addresses from a thread, and the reason if there are none. */
#include "base/cleanup.h"
#include "base/text.h"
#include "network/resolve.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static atomic_bool slow_end, ended;
static pthread_key_t key;

static void end_slowly(void *user)
{
	(void)user;
	usleep(100000);
	ended = true;
}

/* Replaces the C library's function, so that the end of a thread takes long. */
int getaddrinfo(const char *restrict host, const char *restrict port,
		const struct addrinfo *restrict hints, struct addrinfo **restrict addresses)
{
	union {
		void *symbol;
		int (*call)(const char *, const char *, const struct addrinfo *,
			    struct addrinfo **);
	} real = { .symbol = dlsym(RTLD_NEXT, "getaddrinfo") };

	if (slow_end)
		pthread_setspecific(key, &slow_end);
	return real.call(host, port, hints, addresses);
}

struct result {
	sd_event *event;
	struct resolve *resolve;
	struct addrinfo *addresses;
	char *reason;
};

static void on_done(void *user, struct addrinfo *addresses, const char *reason)
{
	struct result *result = user;

	result->addresses = addresses;
	result->reason = text_copy(reason);
	resolve_free(steal(result->resolve));
	sd_event_exit(result->event, 0);
}

static void look_up(const char *host, struct result *result)
{
	*result = (struct result){ 0 };
	assert_true(sd_event_new(&result->event) >= 0);
	result->resolve = resolve_start(result->event, host, 2222, on_done, result);
	assert_null(result->addresses);
	sd_event_loop(result->event);
	sd_event_unref(result->event);
}

static void takes_addresses(void **state)
{
	struct result result;

	(void)state;
	look_up("127.0.0.1", &result);
	assert_null(result.reason);
	assert_int_equal(result.addresses->ai_family, AF_INET);
	assert_int_equal(result.addresses->ai_socktype, SOCK_STREAM);
	assert_int_equal(((struct sockaddr_in *)result.addresses->ai_addr)->sin_port, htons(2222));
	assert_null(result.addresses->ai_next);
	freeaddrinfo(result.addresses);

	look_up("::1", &result);
	assert_int_equal(result.addresses->ai_family, AF_INET6);
	freeaddrinfo(result.addresses);
}

static void tells_why_not(void **state)
{
	struct result result;

	(void)state;
	/* A name that nobody can have (RFC 6761). Without a name server the
	 * sentence is another, but there is one, with the name in it. */
	look_up("p2vd.invalid", &result);
	assert_null(result.addresses);
	assert_non_null(strstr(result.reason, "'p2vd.invalid'"));
	free(result.reason);
}

/* resolve_free() waits until a thread that has answered has ended, and the C library has
 * freed all that belongs to it. So the process can end without a leak. */
static void leaves_no_thread(void **state)
{
	struct result result;

	(void)state;
	assert_int_equal(pthread_key_create(&key, end_slowly), 0);
	slow_end = true;
	look_up("127.0.0.1", &result);
	assert_true(ended);
	slow_end = false;
	freeaddrinfo(result.addresses);
	pthread_key_delete(key);
}

/* Waits for threads that resolve_free() has detached: if the test ended before them, what
 * the C library has for them would count as a leak. */
static void wait_for_threads(void)
{
	struct stat tasks;

	/* Each thread is a directory, so the number of links is two more than the threads. */
	for (int i = 0; i < 600; i++) {
		assert_int_equal(stat("/proc/self/task", &tasks), 0);
		if (tasks.st_nlink == 3)
			return;
		usleep(100000);
	}
	fail_msg("a look-up takes more than a minute");
}

static void ends_without_a_call(void **state)
{
	sd_event *event;

	(void)state;
	assert_true(sd_event_new(&event) >= 0);
	for (int i = 0; i < 20; i++)
		resolve_free(resolve_start(event, i % 2 ? "127.0.0.1" : "p2vd.invalid", 22, on_done,
					   NULL));
	resolve_free(NULL);
	assert_int_equal(sd_event_run(event, 0), 0);
	sd_event_unref(event);
	wait_for_threads();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_addresses),
		cmocka_unit_test(tells_why_not),
		cmocka_unit_test(leaves_no_thread),
		cmocka_unit_test(ends_without_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
