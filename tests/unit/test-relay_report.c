// SPDX-License-Identifier: GPL-2.0-or-later
/* relay/report.c: the file is whole or not there, and nothing else is there. */
#include "relay/report.h"

#include "base/cleanup.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static size_t files_in(const char *path)
{
	DIR *directory = opendir(path);
	size_t count = 0;

	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory));)
		count += entry->d_name[0] != '.';
	closedir(directory);
	return count;
}

static void expect_file(int directory, const char *expected)
{
	AUTO_CLOSE int fd = openat(directory, REPORT_FILE, O_RDONLY | O_CLOEXEC);
	char text[200] = "";

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_string_equal(text, expected);
}

static void tell(struct report *report, int directory, uint64_t fetched)
{
	report_disk(report, 0, 100, fetched);
	report_write(report, directory, fetched == 100);
}

/* A limit for files stands for a file system that is full. */
static void test_full(void **state)
{
	char path[] = "/tmp/report-XXXXXX";
	struct rlimit before, little = { 0 };
	struct report report = { 0 };

	(void)state;
	assert_non_null(mkdtemp(path));
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(directory >= 0);
	tell(&report, directory, 10);
	expect_file(directory, "disk 0 100 10\nincomplete\n");

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	for (little.rlim_max = before.rlim_max; little.rlim_cur < 20; little.rlim_cur += 5) {
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
		tell(&report, directory, 50);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
		assert_int_equal(files_in(path), 1);
	}
	expect_file(directory, "disk 0 100 10\nincomplete\n");

	/* It was not written, so it is another one. */
	tell(&report, directory, 50);
	expect_file(directory, "disk 0 100 50\nincomplete\n");
	tell(&report, directory, 100);
	expect_file(directory, "disk 0 100 100\ncomplete\n");
	assert_int_equal(files_in(path), 1);

	report_end(&report);
	unlinkat(directory, REPORT_FILE, 0);
	close(directory);
	rmdir(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
