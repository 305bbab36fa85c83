// SPDX-License-Identifier: GPL-2.0-or-later
/* fetch.c: fetching from files, and what answers strangely (for servers see
 * tests/integration/p2vd/test-identity). */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "network/fetch.h"
#include "tree.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define LIMIT 65536 /* bytes */

static void shows_urls_without_credentials(void **state)
{
	AUTO_FREE char *https =
		fetch_url_shown("https://user:hidden@example.com:81/a/key?token=hidden#x");
	AUTO_FREE char *file = fetch_url_shown("file:///run/key");
	AUTO_FREE char *wrong = fetch_url_shown("https://user:hidden@[/");

	(void)state;
	assert_string_equal(https, "https://example.com:81/a/key");
	assert_string_equal(file, "file:///run/key");
	assert_null(strstr(wrong, "hidden"));
}

/* The result of a fetch. */
struct result {
	struct fetch *fetch;
	char *data, *reason;
	size_t length;
	bool is_temporary;
	sd_event *event;
};

static void on_done(void *user, char *data, size_t length, const char *reason)
{
	struct result *result = user;

	result->data = data;
	result->length = length;
	result->reason = text_copy(reason);
	result->is_temporary = fetch_is_temporary(result->fetch);
	fetch_free(steal(result->fetch));
	sd_event_exit(result->event, 0);
}

static void get(const char *url, struct result *result)
{
	*result = (struct result){ 0 };
	assert_true(sd_event_new(&result->event) >= 0);
	result->fetch = fetch_start(result->event, url, "key", LIMIT, on_done, result);
	assert_null(result->data);
	assert_null(result->reason);
	sd_event_loop(result->event);
	sd_event_unref(result->event);
}

static void assert_fetch_fails(const char *url, const char *word, bool is_temporary)
{
	struct result result;
	AUTO_FREE char *reason = NULL;

	get(url, &result);
	reason = result.reason;
	assert_null(result.data);
	if (!strstr(reason, word))
		fail_msg("\"%s\" lacks \"%s\"", reason, word);
	assert_int_equal(result.is_temporary, is_temporary);
	assert_null(strstr(reason, "hidden"));
}

static void fetches_files(void **state)
{
	char *root = tree_new();
	AUTO_FREE char *url = text_format("file://%s/a%%20key", root);
	AUTO_FREE char *missing = text_format("file://%s/missing", root);
	AUTO_FREE char *directory = text_format("file://%s", root);
	AUTO_FREE char *long_url = text_format("file://%s/long", root);
	AUTO_FREE char *pipe_url = text_format("file://%s/pipe", root);
	AUTO_FREE char *pipe_path = text_format("%s/pipe", root);
	AUTO_FREE char *lines = memory_zero(LIMIT + 2, 1);
	struct result result;

	(void)state;
	memset(lines, 'A', LIMIT + 1);
	tree_put(root, "a key", "some\nlines\r\n");
	tree_put(root, "long", lines);
	assert_int_equal(mkfifo(pipe_path, 0600), 0);

	get(url, &result);
	assert_null(result.reason);
	assert_string_equal(result.data, "some\nlines\r\n");
	assert_int_equal(result.length, strlen(result.data));
	secret_free_length(result.data, result.length);

	assert_fetch_fails(missing, "No such file", false);
	assert_fetch_fails(directory, "not a regular file", false);
	assert_fetch_fails(pipe_url, "not a regular file", false);
	assert_fetch_fails(long_url, "too long", false);
	tree_remove(root);
}

static void refuses_other_schemes(void **state)
{
	(void)state;
	assert_fetch_fails("scp://user:hidden@127.0.0.1/key", "only https", false);
	assert_fetch_fails("gopher://127.0.0.1/key", "only https", false);
	/* Nobody listens on port 1 of the loopback. */
	assert_fetch_fails("http://user:hidden@127.0.0.1:1/key?hidden", "127.0.0.1", true);
}

/* In a process of its own: whoever connects first gets @answer for what he asks. */
static void answer_one(int listener, const char *answer)
{
	int connection;
	char request[4096];
	ssize_t length;

	alarm(60); /* nobody may connect */
	connection = accept(listener, NULL, NULL);
	length = read(connection, request, sizeof(request));

	if (length > 0)
		length = write(connection, answer, strlen(answer));
	_exit(length > 0 ? 0 : 1);
}

static void assert_answer_fails(const char *answer, const char *word, bool is_temporary)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	AUTO_CLOSE int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	AUTO_FREE char *url = NULL;
	int status;
	pid_t pid;

	assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		answer_one(listener, answer);
	url = text_format("http://127.0.0.1:%d/key", ntohs(address.sin_port));
	assert_fetch_fails(url, word, is_temporary);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* One that is overloaded, or starts, may answer better next time; one that speaks something else
 * does not. */
static void tells_strange_answers_apart(void **state)
{
	(void)state;
	assert_answer_fails("SSH-2.0-OpenSSH_9.2\r\n", "does not speak the protocol", false);
	assert_answer_fails("HTTP/1.1 200 OK\r\nno header\r\n\r\n", "colon", true);
	assert_answer_fails("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "503", true);
	assert_answer_fails("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "does not have it",
			    false);
}

static void ends_without_a_call(void **state)
{
	sd_event *event;

	(void)state;
	assert_true(sd_event_new(&event) >= 0);
	fetch_free(fetch_start(event, "http://127.0.0.1:1/key", "key", LIMIT, on_done, NULL));
	fetch_free(fetch_start(event, "file:///nowhere", "key", LIMIT, on_done, NULL));
	fetch_free(NULL);
	sd_event_unref(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_urls_without_credentials),
		cmocka_unit_test(fetches_files),
		cmocka_unit_test(refuses_other_schemes),
		cmocka_unit_test(tells_strange_answers_apart),
		cmocka_unit_test(ends_without_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
