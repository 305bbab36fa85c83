// SPDX-License-Identifier: GPL-2.0-or-later
/* server/relay: what a server must have for the relay, and its answer. */
#include "server/relay.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *answer, const char *expected)
{
	struct server server;
	AUTO_FREE char *obstacle = NULL;

	server_parse(&server, answer, strlen(answer));
	obstacle = relay_obstacle(&server);
	if (!expected)
		assert_null(obstacle);
	else if (!obstacle || !strstr(obstacle, expected))
		fail_msg("not '%s': %s", expected, obstacle);
	server_clear(&server);
}

static void test_obstacle(void **state)
{
	size_t length;

	(void)state;
	relay_program(&length);
	if (!length)
		skip();
	check("virt-v2v 2.6.0\nend yes\n", NULL);
	check("virt-v2v 2.0.1\n", NULL);
	check("virt-v2v 1.42.4\n", "1.42.4");
	/* What is wrong with virt-v2v is said elsewhere. */
	check("end yes\n", NULL);
}

static void test_ports(void **state)
{
	uint16_t ports[2] = { 0 };

	(void)state;
	assert_true(relay_read_ports("port 1\nport 65535", ports, 2));
	assert_int_equal(ports[0], 1);
	assert_int_equal(ports[1], 65535);
	assert_false(relay_read_ports("port 1", ports, 2));
	assert_false(relay_read_ports("port 1\nport 2\nport 3", ports, 2));
	assert_false(relay_read_ports("port 1\nport 65536", ports, 2));
	assert_false(relay_read_ports("port 1\nport 0", ports, 2));
	assert_false(relay_read_ports("port 1\nport x", ports, 2));
	assert_false(relay_read_ports("port 1 port 2", ports, 2));
	assert_false(relay_read_ports("", ports, 2));
}

static void test_report(void **state)
{
	static const char *const wrong[] = { "",
					     "disk",
					     "disk 1",
					     "disk 1 2",
					     "disk 1 2 x",
					     "disk 1 2 3 4",
					     "disk -1 2 3",
					     "disk 1 -2 3",
					     "completely",
					     "disk 1 2 3 ",
					     "ports",
					     "disk 1 2 99999999999999999999",
					     "disk 999999 1 1" };
	struct relay_report report;

	(void)state;
	assert_true(relay_read_report("disk 12 5000000000000 4096", &report));
	assert_true(report.of_disk && !report.complete && report.disk == 12);
	assert_int_equal(report.used, 5000000000000);
	assert_int_equal(report.fetched, 4096);
	assert_true(relay_read_report("complete", &report));
	assert_true(report.complete && !report.of_disk);
	assert_true(relay_read_report("incomplete", &report));
	assert_false(report.complete || report.of_disk);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_false(relay_read_report(wrong[i], &report));
}

static void test_refusal(void **state)
{
	(void)state;
	assert_string_equal(relay_read_refusal("no-relay /tmp: Permission denied"),
			    "/tmp: Permission denied");
	assert_string_equal(relay_read_refusal("something else"), "something else");
}

static void test_substitute(void **state)
{
	const char *answer = "substitute why it is\nport 1\nport 2";
	AUTO_FREE char *reason = relay_read_substitute(&answer);
	const char *none = "port 1\nsubstitute why";

	(void)state;
	assert_string_equal(reason, "why it is");
	assert_string_equal(answer, "port 1\nport 2");
	assert_null(relay_read_substitute(&none));
	assert_string_equal(none, "port 1\nsubstitute why");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_obstacle),   cmocka_unit_test(test_ports),
		cmocka_unit_test(test_report),     cmocka_unit_test(test_refusal),
		cmocka_unit_test(test_substitute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
