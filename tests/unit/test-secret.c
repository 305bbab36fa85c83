// SPDX-License-Identifier: GPL-2.0-or-later
/* secret: hidden wherever text leaves the process. */
#include "base/secret.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *text, const char *expected)
{
	AUTO_FREE char *redacted = secret_redact(text);

	assert_string_equal(redacted, expected);
}

static int forget(void **state)
{
	(void)state;
	secret_forget_all();
	return 0;
}

static void test_redact(void **state)
{
	(void)state;
	check("nothing is secret", "nothing is secret");
	secret_register("open");
	secret_register("open sesame");
	secret_register("x");
	secret_register(NULL);
	secret_register("");
	check("", "");
	check("say open sesame, open it", "say ***, *** it");
	check("xx", "******");
	secret_forget_all();
	check("open", "open");
}

static void check_cmdline(const char *text, const char *expected)
{
	AUTO_FREE char *redacted = secret_redact_cmdline(text);

	assert_string_equal(redacted, expected);
}

/* dmesg may cut a long command line in the middle of a secret. */
static void test_cmdline(void **state)
{
	(void)state;
	secret_register("hidden words");
	check_cmdline("[0.0] Command line: p2v.server=a p2v.password=hidd\n[0.1] next\n",
		      "[0.0] Command line: p2v.server=a p2v.password=\n[0.1] next\n");
	check_cmdline("a \"p2v.auth.password=hidden words\" b\nc hidden words d",
		      "a \"p2v.auth.password=\nc *** d");
	check_cmdline("p2v.password=a p2v.password=b", "p2v.password=");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_redact, forget),
		cmocka_unit_test_teardown(test_cmdline, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
