// SPDX-License-Identifier: GPL-2.0-or-later
/* secret: hidden in all text that leaves the process. */
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
	check("x x", "*** ***");
	check("exit xx x_ äx xä reopen", "exit xx x_ äx xä reopen");
	check("(x) x-1 a=x 'x'", "(***) ***-1 a=*** '***'");
	secret_register("long enough");
	secret_register("1");
	secret_register("?!");
	check("alongenough along enoughs along enough!", "alongenough a***s a***!");
	check("exit code 11, port 21 a?!b", "exit code 11, port 21 a***b");
	secret_forget_all();
	check("open", "open");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_redact, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
