// SPDX-License-Identifier: GPL-2.0-or-later
/* The value of p2v.server, in its parts. */
#include "base/server_list.h"

#include "base/list.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_list(void **state)
{
	char **list = server_list("a,root@b:22,,[::1]:2222");

	(void)state;
	assert_int_equal(list_length(list), 4);
	assert_string_equal(list[0], "a");
	assert_string_equal(list[1], "root@b:22");
	assert_string_equal(list[2], "");
	assert_string_equal(list[3], "[::1]:2222");
	list_free(list);
}

static void test_names(void **state)
{
	static const struct {
		const char *text, *user, *host;
		unsigned port;
		bool brackets, right;
	} names[] = {
		{ "a", NULL, "a", 0, false, true },
		{ "a:22", NULL, "a", 22, false, true },
		{ "mover@a", "mover", "a", 0, false, true },
		{ "mover@example.com@a:65535", "mover@example.com", "a", 65535, false, true },
		{ "@a", "", "a", 0, false, true },
		{ "2001:db8::7", NULL, "2001:db8::7", 0, false, true },
		{ "[2001:db8::7]", NULL, "2001:db8::7", 0, true, true },
		{ "jo@[fe80::1%eno1]:2222", "jo", "fe80::1%eno1", 2222, true, true },
		{ "[::1]x", NULL, "[::1]x", 0, false, true },
		{ "[::1", NULL, "[::1", 0, false, true },
		{ "a:", NULL, "a", 0, false, false },
		{ "a:0", NULL, "a", 0, false, false },
		{ "a:022", NULL, "a", 0, false, false },
		{ "a:65536", NULL, "a", 65536, false, false },
		{ "a:22x", NULL, "a", 0, false, false },
		{ "[::1]:", NULL, "::1", 0, true, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct server_name name;

		assert_int_equal(server_name_read(names[i].text, &name), names[i].right);
		assert_string_equal(name.host, names[i].host);
		assert_int_equal(name.brackets, names[i].brackets);
		assert_int_equal(name.port, names[i].port);
		if (names[i].user)
			assert_string_equal(name.user, names[i].user);
		else
			assert_null(name.user);
		server_name_clear(&name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
