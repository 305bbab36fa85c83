// SPDX-License-Identifier: GPL-2.0-or-later
/* algorithms: what a server offers first. */
#include "ssh/algorithms.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "ssh/known_hosts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A greeting and the message with these lists: key exchange, host key, then a cipher and a
 * MAC for both directions. */
static size_t hello(char *buffer, const char *const lists[4])
{
	static const size_t order[] = { 0, 1, 2, 2, 3, 3 };
	char *at = stpcpy(buffer, "a line before\r\nSSH-2.0-OpenSSH_10.0\r\n");

	memcpy(at,
	       "\0\0\1\0\4\x14"
	       "0123456789abcdef",
	       22);
	at += 22;
	for (size_t i = 0; i < COUNT(order); i++) {
		size_t length = strlen(lists[order[i]]);

		*at++ = 0;
		*at++ = 0;
		*at++ = (char)(length >> 8);
		*at++ = (char)length;
		at = mempcpy(at, lists[order[i]], length);
	}
	return (size_t)(at - buffer);
}

static void expect(const char *const lists[4], const char *keyword, const char *offered)
{
	char buffer[1024];
	size_t length = hello(buffer, lists);
	AUTO_FREE char *reason = algorithms_missing(buffer, length);

	if (!keyword) {
		assert_null(reason);
		return;
	}
	assert_non_null(reason);
	assert_non_null(strstr(reason, keyword));
	assert_non_null(strstr(reason, offered));
	assert_non_null(strstr(reason, "sshd_config"));
}

static void test_missing(void **state)
{
	static const char kex[] = "mlkem768x25519-sha256,curve25519-sha256", key[] = "ssh-ed25519",
			  cipher[] = "aes128-ctr", mac[] = "umac-64@openssh.com,hmac-sha2-256";

	(void)state;
	expect((const char *const[]){ kex, key, cipher, mac }, NULL, NULL);
	expect((const char
			*const[]){ "mlkem768x25519-sha256,ext-info-s,kex-strict-s-v00@openssh.com",
				   key, cipher, mac },
	       "add curve25519-sha256 to the line KexAlgorithms", "'mlkem768x25519-sha256'");
	expect((const char *const[]){ kex, "ssh-ed25519-cert-v01@openssh.com", cipher, mac },
	       "HostKeyAlgorithms", "'ssh-ed25519-cert-v01@openssh.com'");
	expect((const char *const[]){ kex, key, "aes128-cbc,3des-cbc", mac }, "Ciphers",
	       "'aes128-cbc,3des-cbc'");
	expect((const char *const[]){ kex, key, cipher, "umac-128-etm@openssh.com" }, "MACs",
	       "'umac-128-etm@openssh.com'");
	/* A part of a name is no name, and control characters are not shown. */
	expect((const char *const[]){ "curve25519", key, cipher, mac }, "KexAlgorithms",
	       "'curve25519'");
	expect((const char *const[]){ "", key, cipher, mac }, "KexAlgorithms", "''");
	expect((const char *const[]){ "x\033[2J", key, cipher, mac }, "KexAlgorithms", "'x?[2J'");
}

/* However much of it has come, nothing is read beyond it. */
static void test_cut_off(void **state)
{
	static const char *const lists[] = { "curve25519-sha256", "ssh-ed25519", "aes128-ctr",
					     "umac-64@openssh.com" };
	char buffer[1024];
	size_t length = hello(buffer, lists);

	(void)state;
	assert_null(algorithms_missing(NULL, 0));
	for (size_t i = 0; i < length; i++) {
		AUTO_FREE char *part = memory_zero(i + 1, 1);
		AUTO_FREE char *reason = NULL;

		memcpy(part, buffer, i);
		reason = algorithms_missing(part, i);
		/* The two lists of MACs are the last. */
		if (reason && i < length - 4 - strlen(lists[3]))
			fail_msg("%zu bytes: %s", i, reason);
	}
	assert_null(algorithms_missing("HTTP/1.1 400 Bad Request\r\n\r\n", 28));
}

/* Host keys are asked for in another order, but by the same algorithms. */
static void test_host_keys(void **state)
{
	struct known_hosts known = { .host = "x", .port = 22 };
	AUTO_FREE char *algorithms = known_hosts_algorithms(&known);

	(void)state;
	assert_string_equal(algorithms, ALGORITHMS_KEYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_host_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
