// SPDX-License-Identifier: GPL-2.0-or-later
/* ssh_greeting.c: what a login shell prints before the script starts. */
#include "base/memory.h"
#include "ssh/ssh_greeting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static size_t take(struct ssh_greeting *greeting, const char *text)
{
	return ssh_greeting_take(greeting, text, strlen(text));
}

static void test_none(void **state)
{
	struct ssh_greeting greeting = { 0 };

	(void)state;
	assert_int_equal(take(&greeting, "@p2vd-begins\nversion 2.6\n"), strlen(SSH_GREETING_MARK));
	assert_true(ssh_greeting_is_over(&greeting));
	assert_int_equal(take(&greeting, "@p2vd-begins\n"), 0);
}

/* A start-up file has joined standard error to standard output. */
static void test_joined(void **state)
{
	static const char stream[] = SSH_GREETING_ERROR_MARK SSH_GREETING_MARK "ours";
	struct ssh_greeting greeting = { 0 }, error = { .error = true };

	(void)state;
	assert_int_equal(take(&greeting, stream), strlen(stream) - strlen("ours"));
	assert_int_equal(take(&error, "oops\n" SSH_GREETING_ERROR_MARK "ours"),
			 strlen("oops\n" SSH_GREETING_ERROR_MARK));
	assert_true(ssh_greeting_is_over(&error));
}

/* With every way to cut the stream into pieces. */
static void test_pieces(void **state)
{
	static const char stream[] = "Welcome!\n@p2v@p2vd-beg\n@@p2vd-begins\nours";
	const size_t whole = strlen(stream) - strlen("ours");

	(void)state;
	for (size_t size = 1; size < sizeof(stream); size++) {
		struct ssh_greeting greeting = { 0 };
		size_t taken = 0;

		for (size_t at = 0; at < strlen(stream); at += size) {
			size_t left = strlen(stream) - at;

			taken += ssh_greeting_take(&greeting, stream + at,
						   left < size ? left : size);
		}
		assert_int_equal(taken, whole);
		assert_true(ssh_greeting_is_over(&greeting));
		assert_int_equal(greeting.length, whole);
		assert_memory_equal(greeting.start, stream, whole);
	}
}

/* A shell that does not run the command: the start of its output is kept. */
static void test_endless(void **state)
{
	struct ssh_greeting greeting = { 0 };
	char *line = memory_zero(1000, 1);

	(void)state;
	memset(line, 'x', 1000);
	for (int i = 0; i < 65; i++)
		assert_int_equal(ssh_greeting_take(&greeting, line, 1000), 1000);
	assert_false(ssh_greeting_is_endless(&greeting));
	ssh_greeting_take(&greeting, line, 1000);
	assert_true(ssh_greeting_is_endless(&greeting));
	assert_int_equal(strlen(greeting.start), sizeof(greeting.start) - 1);
	free(line);
	/* The mark came late, but it came. */
	take(&greeting, SSH_GREETING_MARK);
	assert_false(ssh_greeting_is_endless(&greeting));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_joined),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_endless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
