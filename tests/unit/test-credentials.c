// SPDX-License-Identifier: GPL-2.0-or-later
/* credentials.c: what is needed to log in to the conversion server, from files. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "ssh/credentials.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct outcome {
	sd_event *event;
	struct credentials *credentials;
	bool ready;
	enum credentials_failure failure;
	char *reason;
};

static void on_ready(void *user)
{
	struct outcome *outcome = user;

	outcome->ready = true;
	sd_event_exit(outcome->event, 0);
}

static void on_failed(void *user, enum credentials_failure failure, const char *reason)
{
	struct outcome *outcome = user;

	outcome->failure = failure;
	outcome->reason = text_copy(reason);
	sd_event_exit(outcome->event, 0);
}

static void on_waiting(void *user, const char *line)
{
	(void)user, (void)line;
}

/* Gets the credentials and waits for the end. The caller calls end() for the outcome. */
static struct outcome *get(const struct config *config)
{
	struct outcome *outcome = memory_zero(1, sizeof(*outcome));
	struct credentials_events events = {
		.ready = on_ready,
		.failed = on_failed,
		.waiting = on_waiting,
		.user = outcome,
	};

	assert_true(sd_event_new(&outcome->event) >= 0);
	outcome->credentials = credentials_new(outcome->event, config, &events);
	credentials_get(outcome->credentials, RETRY_SERVER);
	assert_true(sd_event_loop(outcome->event) >= 0);
	return outcome;
}

static void end(struct outcome *outcome)
{
	credentials_free(outcome->credentials);
	sd_event_unref(outcome->event);
	free(outcome->reason);
	free(outcome);
}

static void test_password(void **state)
{
	struct config config = {
		.server = (char *)"192.0.2.7",
		.port = 2222,
		.username = (char *)"jo",
		.password = (char *)"secret",
	};
	struct outcome *outcome = get(&config);
	const struct ssh_login *login = credentials_login(outcome->credentials);

	(void)state;
	assert_true(outcome->ready);
	assert_string_equal(login->user, "jo");
	assert_string_equal(login->password, "secret");
	assert_null(login->key);
	assert_string_equal(login->known.host, "192.0.2.7");
	assert_int_equal(login->known.port, 2222);
	end(outcome);
}

static struct outcome *get_key(const char *root, const char *file)
{
	AUTO_FREE char *url = text_format("file://%s/%s", root, file);
	struct config config = {
		.server = (char *)"192.0.2.7",
		.username = (char *)"jo",
		.identity = url,
		.connect_timeout = 1,
	};

	return get(&config);
}

/* What stands around the key is cut off. */
static void test_key(void **state)
{
	static const char key[] =
		"-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n-----END PRIVATE KEY-----\n";
	AUTO_FREE char *text = text_format("\r\n%s\r\n", key);
	char *root = tree_new();
	struct outcome *outcome;
	const struct ssh_login *login;

	(void)state;
	tree_put(root, "key", text);
	outcome = get_key(root, "key");
	assert_true(outcome->ready);
	login = credentials_login(outcome->credentials);
	assert_string_equal(login->key, key);
	assert_int_equal(login->key_length, strlen(key));
	end(outcome);
	tree_put(root, "key", "ssh-ed25519 AAAA me@here");
	outcome = get_key(root, "key");
	assert_int_equal(outcome->failure, CREDENTIALS_KEY);
	assert_non_null(strstr(outcome->reason, "public key"));
	end(outcome);
	tree_remove(root);
}

/* A file that is missing or not a key is not tried again. */
static void test_no_key(void **state)
{
	char *root = tree_new();
	struct outcome *outcome;

	(void)state;
	tree_put(root, "page", "<html>Log in</html>");
	outcome = get_key(root, "page");
	assert_false(outcome->ready);
	assert_int_equal(outcome->failure, CREDENTIALS_KEY);
	assert_non_null(strstr(outcome->reason, "is a web page, not a private key"));
	end(outcome);
	outcome = get_key(root, "missing");
	assert_int_equal(outcome->failure, CREDENTIALS_KEY);
	assert_non_null(strstr(outcome->reason, "No such file"));
	end(outcome);
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
