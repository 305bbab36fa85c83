// SPDX-License-Identifier: GPL-2.0-or-later
/* files: named files in memory. */
#include "base/files.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_order(void **state)
{
	struct files files = { 0 };
	char name[] = "lspci";

	(void)state;
	files_put(&files, "dmesg", text_copy("one"), 3);
	files_put(&files, name, text_copy("other"), 5);
	memset(name, 'x', sizeof(name) - 1);
	assert_int_equal(files.count, 2);
	assert_string_equal(files.file[0].name, "dmesg");
	assert_string_equal(files.file[1].name, "lspci"); /* a copy */
	assert_memory_equal(files.file[1].data, "other", 5);
	assert_int_equal(files.file[1].length, 5);
	files_clear(&files);
}

/* When the conversion begins again, every file is made again: none is there twice. */
static void test_replace(void **state)
{
	struct files files = { 0 };

	(void)state;
	files_put(&files, "dmesg", text_copy("one"), 3);
	files_put(&files, "name", text_copy("web"), 3);
	files_put(&files, "dmesg", text_copy("later"), 5);
	assert_int_equal(files.count, 2);
	assert_string_equal(files.file[0].data, "later");
	assert_int_equal(files.file[0].length, 5);
	assert_string_equal(files.file[1].data, "web");
	files_clear(&files);
}

static void test_clear(void **state)
{
	struct files files = { 0 };

	(void)state;
	files_clear(&files);
	files_put(&files, "name", text_copy("web"), 3);
	files_clear(&files);
	assert_int_equal(files.count, 0);
	assert_null(files.file);
	files_put(&files, "name", text_copy(""), 0);
	assert_int_equal(files.count, 1);
	files_clear(&files);
}

static void test_remove(void **state)
{
	struct files files = { 0 };

	(void)state;
	files_put(&files, "tunnels/1-0", text_copy("5"), 1);
	files_put(&files, "tunnels/10-1", text_copy("6"), 1);
	files_put(&files, "tunnels/1-2", text_copy("7"), 1);
	files_remove(&files, "tunnels/1-");
	assert_int_equal(files.count, 1);
	assert_string_equal(files.file[0].name, "tunnels/10-1");
	files_put(&files, "tunnels/1-3", text_copy("8"), 1);
	assert_int_equal(files.count, 2);
	files_remove(&files, "");
	assert_int_equal(files.count, 0);
	files_clear(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
