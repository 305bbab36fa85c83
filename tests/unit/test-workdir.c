// SPDX-License-Identifier: GPL-2.0-or-later
/* workdir: the path that the script answers with. */
#include "server/workdir.h"

#include "base/memory.h"
#include "run-script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

/* The path goes into every later script: whatever else a login shell prints is none. */
static void test_answers(void **state)
{
	static const char *const wrong[] = {
		"",
		"/",
		"/tmp",
		"/tmp/virt-p2v-",
		"/tmp/virt-p2v-20260101-abcdefgh/",
		"/tmp/virt-p2v-20260101-abcdefgh/..",
		"/tmp/virt-p2v-../../etc",
		"/tmp/virt-p2v-20260101-abcdefgh\n/etc",
		"/tmp/virt-p2v-20260101-abc efgh",
		"welcome\n/tmp/virt-p2v-20260101-abcdefgh",
		"/etc/passwd",
	};

	(void)state;
	assert_true(workdir_is_path("/tmp/virt-p2v-20260101-a1b2c3d4"));
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (workdir_is_path(wrong[i]))
			fail_msg("'%s' is no path of a work directory", wrong[i]);
}

/* The script itself, on this machine: it answers with such a path, of a directory that
 * is ours alone, and with another one each time. */
static void test_script(void **state)
{
	char *paths[2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct stat status;
		int code;

		paths[i] = run_script(SCRIPT_WORKDIR, NULL, 0, &code);
		assert_int_equal(code, 0);
		assert_true(workdir_is_path(paths[i]));
		assert_int_equal(lstat(paths[i], &status), 0);
		assert_true(S_ISDIR(status.st_mode));
		assert_int_equal(status.st_mode & 07777, 0700);
		assert_int_equal(status.st_uid, geteuid());
		assert_int_equal(rmdir(paths[i]), 0);
	}
	assert_string_not_equal(paths[0], paths[1]);
	free(paths[0]);
	free(paths[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_script),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
