// SPDX-License-Identifier: GPL-2.0-or-later
/* base/own_address: which addresses are this machine's. */
#include "base/own_address.h"

#include "base/cleanup.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_there(void **state)
{
	struct own_address own = own_address_towards("127.0.0.1");
	AUTO_FREE char *text = own_address_text(&own);

	(void)state;
	assert_string_equal(text, "127.0.0.1");
	assert_false(own_address_is_gone(&own));
}

/* 192.0.2.0/24 is for documents: no machine has it. */
static void test_gone(void **state)
{
	struct own_address own = { 0 };
	struct sockaddr_in *four = (struct sockaddr_in *)&own.address;
	AUTO_FREE char *text = NULL;

	(void)state;
	*four = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(22) };
	inet_pton(AF_INET, "192.0.2.1", &four->sin_addr);
	assert_true(own_address_is_gone(&own));
	text = own_address_text(&own);
	assert_string_equal(text, "192.0.2.1");
}

static void test_unknown(void **state)
{
	struct own_address own = own_address_towards("no address");

	(void)state;
	assert_false(own_address_is_gone(&own));
	own = own_address_of(-1);
	assert_false(own_address_is_gone(&own));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
