// SPDX-License-Identifier: GPL-2.0-or-later
/* A URL with placeholders: a machine's own values put in. */
#include "config/url_template.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void expect_url(const char *template, const char *expected)
{
	const struct url_template_values machine = { "52-54-00-12-34-56", NULL, "a/../ b\xc3\xa4%",
						     "web.x" };
	AUTO_FREE char *reason = NULL;
	AUTO_FREE char *url = url_template_fill(template, "p2v.config", &machine, &reason);

	if (!url)
		assert_string_equal(reason, expected);
	else
		assert_string_equal(url, expected);
}

static void test_url(void **state)
{
	(void)state;
	expect_url("http://x/y", "http://x/y");
	expect_url("http://x/{mac}.conf", "http://x/52-54-00-12-34-56.conf");
	expect_url("http://x/{hostname}?s={serial}&{mac}",
		   "http://x/web.x?s=a%2F..%2F%20b%C3%A4%25&52-54-00-12-34-56");
	expect_url("http://x/{uuid}", "p2v.config wants {uuid}, and this machine has no UUID");
}

static void test_key(void **state)
{
	AUTO_FREE char *name = url_template_fill_key("https://x/{server}/k{server}", "a.b");
	AUTO_FREE char *address = url_template_fill_key("file:///{server}", "fe80::1%eno1");
	AUTO_FREE char *plain = url_template_fill_key("https://x/key", "a");

	(void)state;
	assert_string_equal(name, "https://x/a.b/ka.b");
	assert_string_equal(address, "file:///fe80%3A%3A1%25eno1");
	assert_string_equal(plain, "https://x/key");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_url),
					    cmocka_unit_test(test_key) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
