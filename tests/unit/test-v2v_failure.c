// SPDX-License-Identifier: GPL-2.0-or-later
/* v2v_failure: what virt-v2v's errors mean. */
#include "server/v2v_failure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_explain(void **state)
{
	(void)state;
	assert_null(v2v_failure_explain(""));
	assert_null(v2v_failure_explain("virt-v2v: error: something new"));
	assert_non_null(strstr(v2v_failure_explain("virt-v2v: error: inspection could not detect the source guest (or physical machine)."),
			       "no operating system"));
	assert_non_null(strstr(v2v_failure_explain("virt-v2v: warning: there are no virtio drivers available\n"
						   "nbdcopy: write: No space left on device\n"
						   "virt-v2v: error: nbdcopy command failed, see earlier error messages"),
			       "ran out of disk space"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_explain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
