// SPDX-License-Identifier: GPL-2.0-or-later
/* listener: addresses as a kernel writes them. */
#include "server/listener.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_addresses(void **state)
{
	static const struct {
		const char *address, *text;
		bool local;
	} all[] = {
		{ "0100007F", "127.0.0.1", true },
		{ "0200007F", "127.0.0.2", true },
		{ "00000000", "0.0.0.0", false },
		{ "070200C0", "192.0.2.7", false },
		{ "7F000001", "1.0.0.127", false },
		{ "00000000000000000000000001000000", "::1", true },
		{ "00000000000000000000000000000000", "::", false },
		{ "B80D0120000000000000000001000000", "2001:db8::1", false },
		{ "0000000000000000FFFF00000100007F", "::ffff:127.0.0.1", true },
		{ "0000000000000000FFFF0000070200C0", "::ffff:192.0.2.7", false },
		{ "0000000000000000FFFF000000000000", "::ffff:0.0.0.0", false },
		{ "", "an unknown address ''", false },
		{ "127.0.0.1", "an unknown address '127.0.0.1'", false },
		{ "0100007F01", "an unknown address '0100007F01'", false },
		{ "0100007G", "an unknown address '0100007G'", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		AUTO_FREE char *text = listener_text(all[i].address);

		assert_string_equal(text, all[i].text);
		assert_int_equal(listener_is_local(all[i].address), all[i].local);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
