// SPDX-License-Identifier: GPL-2.0-or-later
/* workdir: its script, and the path that it answers with. */
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

static char *run(const char *unique, const char *files, int *status)
{
	struct script_value values[] = { { "unique", unique }, { "files", files } };

	return run_script(SCRIPT_WORKDIR, values, COUNT(values), status);
}

static void check_mode(const char *path, unsigned type, unsigned mode)
{
	struct stat status;

	assert_int_equal(lstat(path, &status), 0);
	assert_int_equal(status.st_mode & S_IFMT, type);
	assert_int_equal(status.st_mode & 07777, mode);
	assert_int_equal(status.st_uid, geteuid());
}

/* The script itself, on this machine: it answers with such a path, of a directory that
 * is ours alone, with another one for each conversion, and with the same one for one that
 * begins again. */
static void test_script(void **state)
{
	char *paths[2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char unique[WORKDIR_UNIQUE];
		AUTO_FREE char *again = NULL;
		AUTO_FREE char *file = NULL;
		int status;

		workdir_unique(unique);
		paths[i] = run(unique, "", &status);
		assert_int_equal(status, 0);
		assert_true(workdir_is_path(paths[i]));
		check_mode(paths[i], S_IFDIR, 0700);
		again = run(unique, "0 physical.xml\n", &status);
		assert_int_equal(status, 0);
		assert_string_equal(again, paths[i]);
		file = text_format("%s/physical.xml", again);
		check_mode(file, S_IFREG, 0600);
		assert_int_equal(unlink(file), 0);
		assert_int_equal(rmdir(paths[i]), 0);
	}
	assert_string_not_equal(paths[0], paths[1]);
	free(paths[0]);
	free(paths[1]);
}

/* What another user could have put there is not taken for ours. */
static void test_not_ours(void **state)
{
	static const unsigned modes[] = { 0755, 0777, 0700 };
	char unique[WORKDIR_UNIQUE];
	AUTO_FREE char *path = NULL;

	(void)state;
	workdir_unique(unique);
	path = text_format(WORKDIR_PREFIX "20200101-%s", unique);
	for (size_t i = 0; i < COUNT(modes); i++) {
		AUTO_FREE char *made = NULL;
		int status;

		assert_int_equal(mkdir(path, modes[i]), 0);
		assert_int_equal(chmod(path, modes[i]), 0);
		made = run(unique, "", &status);
		assert_int_equal(status, 0);
		if (modes[i] == 0700) {
			assert_string_equal(made, path);
		} else {
			assert_string_not_equal(made, path);
			assert_int_equal(rmdir(made), 0);
		}
		assert_int_equal(rmdir(path), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_script),
		cmocka_unit_test(test_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
