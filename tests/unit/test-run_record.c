// SPDX-License-Identifier: GPL-2.0-or-later
/* conversion/run_record: what is written is read again; where it cannot be, that is told once. */
#include "conversion/run_record.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <syslog.h>

#include <cmocka.h>

static void count(void *user, int priority, const char *line)
{
	unsigned *warnings = user;

	(void)line;
	*warnings += priority <= LOG_WARNING;
}

static void test_write(void **state)
{
	char *root = tree_new();
	AUTO_FREE char *missing = text_format("%s/missing", root);
	struct run_record record = { .config = text_copy("p2v.name web\n"),
				     .disks = text_copy("/dev/sda 512 \n"),
				     .server = text_copy("mover@b:2222"),
				     .unique = text_copy("u"),
				     .workdir = text_copy("/tmp/w"),
				     .guest = text_copy("web"),
				     .try = 2 };
	struct run_record again;
	unsigned warnings = 0;

	(void)state;
	log_set_sink(count, &warnings);
	for (int i = 0; i < 3; i++)
		run_record_write(&record, missing);
	assert_int_equal(warnings, 1);
	run_record_write(&record, root); /* now it can be */
	assert_int_equal(warnings, 1);
	run_record_write(&record, missing);
	assert_int_equal(warnings, 2);
	log_set_sink(NULL, NULL);
	assert_true(run_record_read(&again, root));
	assert_string_equal(again.disks, record.disks);
	assert_string_equal(again.server, record.server);
	assert_int_equal(again.try, 2);
	assert_false(again.unwritten);
	run_record_clear(&again);
	run_record_clear(&record);
	tree_remove(root);
}

static void test_disks(void **state)
{
	struct disk list[] = { { .path = "/dev/sda", .size = 512, .serial = "S 1" },
			       { .path = "/dev/sdb", .size = 1024 } };
	const struct disks disks = { .disk = list, .count = 2 }, none = { 0 };
	AUTO_FREE char *text = run_record_disks(&disks);
	AUTO_FREE char *empty = run_record_disks(&none);

	(void)state;
	assert_string_equal(text, "/dev/sda 512 S 1\n/dev/sdb 1024 \n");
	assert_string_equal(empty, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_disks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
