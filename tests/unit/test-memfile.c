// SPDX-License-Identifier: GPL-2.0-or-later
/* memfile: a file that exists in memory alone. */
#include "base/memfile.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

/* ssh(1) takes a private key only from a file that is closed to others. */
static void test_memfile(void **state)
{
	AUTO_CLOSE int fd = memfile_new("identity", "secret\n", 7);
	AUTO_FREE char *path = memfile_path(fd);
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	char line[16];
	struct stat status;

	(void)state;
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line, "secret\n");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memfile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
