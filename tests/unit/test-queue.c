// SPDX-License-Identifier: GPL-2.0-or-later
/* What the server's queue says of a place in it. */
#include "server/queue.h"

#include "base/cleanup.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_read(void **state)
{
	struct queue_place place;
	AUTO_FREE char *text = NULL;

	(void)state;
	assert_true(queue_place_read(&place, "3 2 2 5400 web mail"));
	assert_int_equal(place.place, 3);
	assert_int_equal(place.running, 2);
	assert_int_equal(place.slots, 2);
	assert_int_equal(place.seconds, 5400);
	assert_string_equal(place.guests, "web, mail");
	text = queue_place_text(&place);
	assert_string_equal(text,
			    "place 3 in the server's queue: 2 of 2 slots are taken, by web, mail; about 1:30:00");
	queue_place_clear(&place);
}

static void test_unknown(void **state)
{
	struct queue_place place;
	AUTO_FREE char *text = NULL;

	(void)state;
	assert_true(queue_place_read(&place, "1 0 1 -"));
	assert_true(place.seconds == QUEUE_UNKNOWN);
	assert_null(place.guests);
	text = queue_place_text(&place);
	assert_string_equal(text, "place 1 in the server's queue: 0 of 1 slots is taken");
	queue_place_clear(&place);
}

static void test_wrong(void **state)
{
	static const char *const wrong[] = { "",        "x",      "1",         "0 1 1 -",
					     "1 1 0 -", "1 1 1",  "1 1 1 web", "one 1 1 -",
					     "1 1 1 +", "- - - -" };

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct queue_place place = { .place = 7 };

		assert_false(queue_place_read(&place, wrong[i]));
		assert_int_equal(place.place, 0);
		assert_null(place.guests);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
