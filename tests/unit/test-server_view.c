// SPDX-License-Identifier: GPL-2.0-or-later
/* A configuration as it is for one of several servers. */
#include "config/server_view.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_view(void **state)
{
	struct config config;
	struct server_view view;

	(void)state;
	config_init(&config);
	config.port = 2200;
	config.identity = text_copy("https://keys/{server}");
	server_view_init(&view, &config, "mover@[2001:db8::7]:22");
	assert_string_equal(view.config.server, "2001:db8::7");
	assert_string_equal(view.config.username, "mover");
	assert_string_equal(view.config.identity, "https://keys/2001%3Adb8%3A%3A7");
	assert_int_equal(view.config.port, 22);
	assert_int_equal(view.config.connect_timeout, config.connect_timeout);
	server_view_clear(&view);

	server_view_init(&view, &config, "a");
	assert_string_equal(view.config.server, "a");
	assert_string_equal(view.config.username, "root");
	assert_int_equal(view.config.port, 2200);
	server_view_clear(&view);
	server_view_clear(&view);
	config_clear(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_view) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
