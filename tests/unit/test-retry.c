// SPDX-License-Identifier: GPL-2.0-or-later
/* retry: pauses that double, reasons that are logged once, the deadline. */
#include "base/list.h"
#include "network/retry.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TRIES_MOST 8

struct course {
	sd_event *event;
	struct retry *retry;
	const char *const *reasons; /* one for each try; the last one is repeated */
	uint64_t tried[TRIES_MOST]; /* microseconds */
	size_t tries;
	char **said;  /* messages */
	char **lines; /* of the status area; "-" if it is cleared */
	char *over;
};

static void on_message(void *user, int priority, const char *line)
{
	struct course *course = user;

	(void)priority;
	list_append(&course->said, text_copy(line));
}

static void on_waiting(void *user, const char *line)
{
	struct course *course = user;

	list_append(&course->lines, text_copy(line ? line : "-"));
}

static void on_again(void *user)
{
	struct course *course = user;
	const char *reason = *course->reasons;

	assert_true(course->tries < TRIES_MOST);
	sd_event_now(course->event, CLOCK_BOOTTIME, &course->tried[course->tries++]);
	if (course->reasons[1])
		course->reasons++;
	course->over = retry_later(course->retry, reason);
	if (course->over)
		sd_event_exit(course->event, 0);
}

/* Fails all tries until @limit, which is @seconds, is over. */
static void run(struct course *course, const char *const *reasons, enum retry_limit limit,
		unsigned seconds)
{
	struct config config = { .network_timeout = limit == RETRY_NETWORK ? seconds : 3600,
				 .connect_timeout = limit == RETRY_SERVER ? seconds : 3600 };
	struct retry_events events = { on_again, course, on_waiting, course };

	*course = (struct course){ .reasons = reasons };
	assert_return_code(sd_event_new(&course->event), 0);
	log_set_sink(on_message, course);
	course->retry = retry_new(course->event, &config, "the bus", &events);
	retry_begin(course->retry, limit);
	assert_int_equal(course->tries, 0); /* not called from within retry_begin() */
	assert_return_code(sd_event_loop(course->event), 0);
	log_set_sink(NULL, NULL);
	retry_free(course->retry);
	sd_event_unref(course->event);
}

static void clear(struct course *course)
{
	list_free(course->said);
	list_free(course->lines);
	free(course->over);
}

static void pauses_double_until_the_deadline(void **state)
{
	static const char *const reasons[] = { "no bus", NULL };
	struct course course;

	(void)state;
	run(&course, reasons, RETRY_SERVER, 2);
	assert_int_equal(course.tries, 3);
	assert_true(course.tried[1] - course.tried[0] >= 1000000);
	assert_true(course.tried[2] - course.tried[1] >= 2000000);
	assert_string_equal(course.over, "no bus; p2v.connect_timeout sets how long to try");
	assert_int_equal(list_length(course.said), 1);
	assert_string_equal(course.said[0], "waiting for the bus: no bus; trying for 2 s more");
	assert_int_equal(list_length(course.lines), 3);
	assert_string_equal(course.lines[0], "waiting for the bus, 2 s more");
	assert_string_equal(course.lines[1], "waiting for the bus, 1 s more");
	assert_string_equal(course.lines[2], "-");
	clear(&course);
}

static void a_new_reason_is_said(void **state)
{
	static const char *const reasons[] = { "no stop", "no bus", NULL };
	struct course course;

	(void)state;
	run(&course, reasons, RETRY_NETWORK, 2);
	assert_int_equal(list_length(course.said), 2);
	assert_string_equal(course.said[0], "waiting for the bus: no stop; trying for 2 s more");
	assert_string_equal(course.said[1], "waiting for the bus: no bus; trying for 1 s more");
	assert_string_equal(course.over, "no bus; p2v.network_timeout sets how long to try");
	clear(&course);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pauses_double_until_the_deadline),
		cmocka_unit_test(a_new_reason_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
