// SPDX-License-Identifier: GPL-2.0-or-later
/* settle: waiting until udev's queue is empty. */
#include "inventory/settle.h"

#include "base/list.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct course {
	sd_event *event;
	char **lines; /* of the status area; "-" if it is cleared */
	unsigned done;
	char *late;
	char *queue; /* removed when the first line is shown, or NULL */
};

static void on_waiting(void *user, const char *line)
{
	struct course *course = user;

	list_append(&course->lines, text_copy(line ? line : "-"));
	if (course->queue)
		unlink(course->queue);
}

static void on_done(void *user, const char *late)
{
	struct course *course = user;

	course->late = text_copy(late);
	course->done++;
	sd_event_exit(course->event, 0);
}

/* Returns how long it took, in microseconds. */
static uint64_t run(struct course *course, const char *root, unsigned seconds)
{
	struct settle_events events = { .waiting = on_waiting, .done = on_done, .user = course };
	struct settle *settle;
	uint64_t begin = 0, end = 0;

	assert_true(sd_event_new(&course->event) >= 0);
	sd_event_now(course->event, CLOCK_BOOTTIME, &begin);
	settle = settle_start(course->event, root, seconds, &events);
	assert_int_equal(course->done, 0);
	assert_true(sd_event_loop(course->event) >= 0);
	sd_event_now(course->event, CLOCK_BOOTTIME, &end);
	settle_free(settle);
	sd_event_unref(course->event);
	assert_int_equal(course->done, 1);
	return end - begin;
}

/* Without events, and without udev, nobody waits and nothing is shown. */
static void test_empty(void **state)
{
	char *root = tree_new();
	struct course course = { 0 };

	(void)state;
	run(&course, root, 100);
	assert_null(course.lines);
	assert_null(course.late);
	tree_remove(root);
}

static void test_becomes_empty(void **state)
{
	char *root = tree_new();
	struct course course = { .queue = tree_path(root, "run/udev/queue") };

	(void)state;
	tree_put(root, "run/udev/queue", "");
	run(&course, root, 100);
	assert_int_equal(list_length(course.lines), 2);
	assert_non_null(strstr(course.lines[0], "waiting for udev to deal with "));
	assert_string_equal(course.lines[1], "-");
	assert_null(course.late);
	list_free(course.lines);
	free(course.queue);
	tree_remove(root);
}

/* The limit counts, and the line counts down to it. */
static void test_limit(void **state)
{
	char *root = tree_new();
	struct course course = { 0 };

	(void)state;
	tree_put(root, "run/udev/queue", "");
	assert_true(run(&course, root, 2) >= 2000000);
	assert_true(list_length(course.lines) >= 2);
	assert_non_null(strstr(course.lines[0], " 2 s more"));
	assert_string_equal(course.lines[list_length(course.lines) - 1], "-");
	/* Which devices the running system has is not known here, but something is said. */
	assert_non_null(course.late);
	free(course.late);
	list_free(course.lines);
	tree_remove(root);
}

/* Freed in the middle: nothing is called afterwards. */
static void test_freed(void **state)
{
	char *root = tree_new();
	struct course course = { 0 };
	struct settle_events events = { .waiting = on_waiting, .done = on_done, .user = &course };

	(void)state;
	tree_put(root, "run/udev/queue", "");
	assert_true(sd_event_new(&course.event) >= 0);
	settle_free(settle_start(course.event, root, 100, &events));
	assert_true(sd_event_run(course.event, 300000) >= 0);
	assert_int_equal(course.done, 0);
	settle_free(NULL);
	sd_event_unref(course.event);
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_becomes_empty),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
