// SPDX-License-Identifier: GPL-2.0-or-later
/* collect.c: each file that users of virt-p2v know has a command. */
#include "base/memory.h"
#include "base/text.h"
#include "inventory/collect.h"
#include "loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void on_done(void *user)
{
	*(bool *)user = true;
}

static const struct file *find(const struct files *files, const char *name)
{
	for (size_t i = 0; i < files->count; i++)
		if (!strcmp(files->file[i].name, name))
			return &files->file[i];
	return NULL;
}

/* Where no command can be found, each file says which one it is. */
static void has_every_file(void **state)
{
	static const char *const expected[] = { "dmesg", "lscpu", "lspci", "lsscsi", "lsusb" };
	sd_event *event = loop_new();
	struct files files = { 0 };
	struct collect *collect;
	bool done = false;

	(void)state;
	setenv("PATH", "/nonexistent", 1);
	collect = collect_start(event, &files, on_done, &done);
	assert_true(loop_until(event, &done));
	assert_int_equal(files.count, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		const struct file *file = find(&files, expected[i]);
		char *beginning = text_format("p2vd: cannot start '%s': ", expected[i]);

		assert_non_null(file);
		assert_true(text_begins(file->data, beginning));
		free(beginning);
	}
	collect_free(collect);
	files_clear(&files);
	sd_event_unref(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(has_every_file) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
