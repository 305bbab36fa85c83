// SPDX-License-Identifier: GPL-2.0-or-later
/* tunnel_login: what ssh(1) is told, and that no secret is in it. */
#include "base/text.h"
#include "transfer/tunnel_login.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/list.h"
#include "loop.h"
#include "ssh/algorithms.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct tunnel_host host = {
	.address = "192.0.2.7",
	.port = 2222,
	.known_host = TUNNEL_HOST_ALIAS " ssh-ed25519 AAAA\n",
};

/* A login, and what it gives ssh(1), a line each: options, then the environment. */
struct told {
	sd_event *event;
	char *root; /* the directory of its socket */
	struct tunnel_login *login;
	char *options, *environment;
};

/* The bytes of the file in the option @name. The caller frees. */
static char *file_of(const char *options, const char *name)
{
	AUTO_FREE char *search = text_format("\n%s=", name);
	const char *value = strstr(options, search);
	AUTO_FREE char *path = NULL;
	size_t length;
	char *data;

	assert_non_null(value);
	value += strlen(search);
	path = text_copy_length(value, strcspn(value, "\n"));
	data = file_read(path, 1000, &length);
	assert_non_null(data);
	return data;
}

static void check_host(const struct told *told)
{
	AUTO_FREE char *known_hosts = file_of(told->options, "UserKnownHostsFile");

	assert_string_equal(known_hosts, host.known_host);
	assert_non_null(strstr(told->options, "-l\njo\n"));
	assert_non_null(strstr(told->options, "\nPort=2222\n"));
	assert_non_null(strstr(told->options, "\nHostKeyAlias=conversion-server\n"));
	assert_non_null(strstr(told->options, "\nStrictHostKeyChecking=yes\n"));
	assert_non_null(strstr(told->options, "\nGlobalKnownHostsFile=none\n"));
	/* The same set as the control connection's. */
	assert_non_null(strstr(told->options, "\nKexAlgorithms=" ALGORITHMS_KEX "\n"));
	assert_non_null(strstr(told->options, "\nMACs=" ALGORITHMS_MACS "\n"));
	assert_non_null(strstr(told->options, "\nPubkeyAcceptedAlgorithms=" ALGORITHMS_KEYS "\n"));
}

static void check_secret(const struct told *told, const char *secret)
{
	assert_null(strstr(told->options, secret));
	assert_null(strstr(told->environment, secret));
}

/* @directory: for its socket; NULL: one that is there. */
static void begin(struct told *told, const struct tunnel_host *at, const struct ssh_login *control,
		  bool aes, const char *directory)
{
	AUTO_LIST char **argv = NULL;
	AUTO_FREE char *reason = NULL;

	*told = (struct told){ .event = loop_new(), .root = tree_new() };
	told->login = tunnel_login_to(told->event, at, control, aes, directory ?: told->root,
				      &reason);
	assert_non_null(told->login);
	argv = tunnel_login_arguments(told->login,
				      &(struct tunnel_way){ .socket = "/run/0-sda.sock" });
	told->options = list_join(argv, "\n");
	told->environment = list_join(tunnel_login_environment(told->login), "\n");
	check_host(told);
}

static void end(struct told *told)
{
	free(told->options);
	free(told->environment);
	tunnel_login_free(told->login);
	sd_event_unref(told->event);
	tree_remove(told->root);
}

static void test_key(void **state)
{
	static const char key[] = "a private key\n";
	const struct ssh_login control = {
		.user = "jo", .password = "unused", .key = key, .key_length = sizeof(key) - 1
	};
	AUTO_FREE char *identity = NULL;
	struct told told;

	(void)state;
	begin(&told, &host, &control, true, "/nowhere"); /* it needs no socket */
	check_secret(&told, "a private key");
	check_secret(&told, "unused");
	identity = file_of(told.options, "IdentityFile");
	assert_string_equal(identity, key);
	assert_string_equal(told.environment, "");
	assert_non_null(strstr(told.options, "\nPreferredAuthentications=publickey\n"));
	assert_non_null(strstr(told.options, "\n--\n192.0.2.7"));
	assert_non_null(strstr(told.options, "\nCompression=no\n"));
	end(&told);
}

static void test_compression(void **state)
{
	const struct ssh_login control = { .user = "jo", .key = "k", .key_length = 1 };
	const struct tunnel_way way = { .socket = "/run/0-sda.sock" };
	AUTO_LIST char **argv = NULL;
	struct told told;

	(void)state;
	begin(&told, &host, &control, true, "/nowhere");
	tunnel_login_compress(told.login);
	argv = tunnel_login_arguments(told.login, &way);
	assert_true(list_contains(argv, "Compression=yes"));
	end(&told);
}

static void test_password(void **state)
{
	const struct ssh_login control = { .user = "jo", .password = "a secret" };
	struct told told;

	(void)state;
	begin(&told, &host, &control, true, NULL);
	check_secret(&told, "a secret");
	assert_non_null(strstr(told.environment, "SSH_ASKPASS_REQUIRE=force"));
	assert_non_null(strstr(told.options, "\nIdentityFile=none\n"));
	assert_non_null(strstr(told.options,
			       "\nPreferredAuthentications=password,keyboard-interactive\n"));
	end(&told);
}

/* The server wants the password after the key. */
static void test_both(void **state)
{
	static const char key[] = "a private key\n";
	const struct tunnel_host wanting = { host.address, host.port, host.known_host,
					     "rsa-sha2-512", true };
	const struct ssh_login control = {
		.user = "jo", .password = "a secret", .key = key, .key_length = sizeof(key) - 1
	};
	AUTO_FREE char *identity = NULL;
	struct told told;

	(void)state;
	begin(&told, &wanting, &control, true, NULL);
	check_secret(&told, "a private key");
	check_secret(&told, "a secret");
	identity = file_of(told.options, "IdentityFile");
	assert_string_equal(identity, key);
	assert_non_null(strstr(told.options, "\nHostKeyAlgorithms=rsa-sha2-512\n"));
	assert_non_null(strstr(told.environment, "SSH_ASKPASS_REQUIRE=force"));
	assert_non_null(strstr(told.options, "\nPreferredAuthentications=publickey,password,"
					     "keyboard-interactive\n"));
	end(&told);
}

/* The socket for the password cannot be made. */
static void test_no_directory(void **state)
{
	const struct ssh_login control = { .user = "jo", .password = "a secret" };
	sd_event *event = loop_new();
	AUTO_FREE char *reason = NULL;

	(void)state;
	assert_null(tunnel_login_to(event, &host, &control, true, "/nowhere", &reason));
	assert_non_null(strstr(reason, "cannot listen on '/nowhere/"));
	tunnel_login_free(NULL);
	sd_event_unref(event);
}

/* What the CPU is fastest at comes first; the same are offered either way. */
static void test_ciphers(void **state)
{
	static const char *const first[] = { "\nCiphers=chacha20-poly1305",
					     "\nCiphers=aes128-gcm" };
	const struct ssh_login control = { .user = "jo" };
	size_t lengths[2];

	(void)state;
	for (size_t aes = 0; aes < 2; aes++) {
		struct told told;

		begin(&told, &host, &control, aes, "/nowhere");
		assert_non_null(strstr(told.options, first[aes]));
		lengths[aes] = strlen(strstr(told.options, first[aes]));
		end(&told);
	}
	assert_int_equal(lengths[0], lengths[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key),     cmocka_unit_test(test_password),
		cmocka_unit_test(test_both),    cmocka_unit_test(test_no_directory),
		cmocka_unit_test(test_ciphers), cmocka_unit_test(test_compression),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
