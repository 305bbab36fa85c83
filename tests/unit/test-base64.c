// SPDX-License-Identifier: GPL-2.0-or-later
/* Base64: RFC 4648's test vectors, and what keys have besides. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "ssh/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const vectors[][2] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
};

static void assert_decodes(const char *text, const char *expected)
{
	size_t length = 99;
	AUTO_FREE unsigned char *bytes = base64_decode(text, strlen(text), &length);

	assert_non_null(bytes);
	assert_int_equal(length, strlen(expected));
	assert_memory_equal(bytes, expected, length);
}

static void test_decode(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++)
		assert_decodes(vectors[i][1], vectors[i][0]);
	/* As in a PEM file, of Unix or DOS. */
	assert_decodes("Zm9v\nYmFy\n", "foobar");
	assert_decodes("Zm9v\r\nYmFy\r\n", "foobar");
	assert_decodes(" Zm9v \t", "foo");
}

static void test_wrong(void **state)
{
	static const char *const wrong[] = { "Z", "Zm9vY", "Zm9v-Ym", "Zm9v!mFy", "Z===", "<p>" };

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		size_t length;

		if (base64_decode(wrong[i], strlen(wrong[i]), &length))
			fail_msg("'%s' is taken", wrong[i]);
	}
}

static void test_encode(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		AUTO_FREE char *text = base64_encode(vectors[i][0], strlen(vectors[i][0]));

		assert_string_equal(text, vectors[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_encode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
