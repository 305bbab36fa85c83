// SPDX-License-Identifier: GPL-2.0-or-later
/* tunnel: what can be tested without a server. */
#include "transfer/tunnel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void test_allocated_port(void **state)
{
	(void)state;
	assert_int_equal(tunnel_allocated_port("Allocated port 41234 for remote forward to /run/p2vd/0-sda.sock"),
			 41234);
	assert_int_equal(tunnel_allocated_port("Allocated port 70000 for remote forward"), 0);
	assert_int_equal(tunnel_allocated_port("Warning: remote port forwarding failed"), 0);
	assert_int_equal(tunnel_allocated_port(""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allocated_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
