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

static void test_answers(void **state)
{
	static const struct {
		const char *line, *rest;
		enum queue_answer answer;
	} answers[] = {
		{ "place 1 0 1 -", "1 0 1 -", QUEUE_WAITS },
		{ "place 0 0 1 -", "0 0 1 -", QUEUE_NONSENSE },
		{ "place", "", QUEUE_NONSENSE },
		{ "slot 12", "12", QUEUE_GRANTED },
		{ "slot ", "", QUEUE_NONSENSE },
		{ "slot 1x", "1x", QUEUE_NONSENSE },
		{ "none there is no flock", "there is no flock", QUEUE_NONE },
		{ "warning no number", "no number", QUEUE_WARNING },
		{ "asked", "", QUEUE_NONSENSE },
		{ "", "", QUEUE_NONSENSE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct queue_place place;
		const char *rest;

		assert_int_equal(queue_read(answers[i].line, &place, &rest), answers[i].answer);
		assert_string_equal(rest, answers[i].rest);
		queue_place_clear(&place);
	}
}

/* What is kept for as long as p2vd looks at the disks before virt-v2v runs. */
static void test_values(void **state)
{
	struct queue_call call = { .unique = "abc", .map_timeout = 60 };
	struct script_value values[QUEUE_VALUES];
	struct queue_words words;

	(void)state;
	assert_int_equal(queue_values(&call, &words, values), QUEUE_VALUES);
	assert_string_equal(values[0].value, "abc");
	assert_null(values[1].value);
	assert_string_equal(values[2].value, "600");
	assert_string_equal(values[3].value, "120");
	call.map_timeout = 3600;
	call.slots = 3;
	queue_values(&call, &words, values);
	assert_string_equal(values[1].value, "3");
	assert_string_equal(values[2].value, "3660");
	assert_string_equal(values[3].value, "3660");
}

static void test_look(void **state)
{
	static const char *const wrong[] = { "",
					     "look",
					     "look yes no 1 0 1",
					     "look yes no 0 0 1 0",
					     "look yes no 1 0 0 0",
					     "look yes no 1 0 1 x",
					     "look perhaps no 1 0 1 0",
					     "look yes no 1 0 1 0 more" };
	struct queue_look look = { 0 };

	(void)state;
	assert_true(queue_look_read(&look, "look yes no 3 2 2 5400"));
	assert_true(look.ours);
	assert_false(look.slot);
	assert_int_equal(look.place, 3);
	assert_int_equal(look.taken, 2);
	assert_int_equal(look.slots, 2);
	assert_int_equal(look.seconds, 5400);
	assert_true(queue_look_read(&look, "look no yes 1 0 4 -"));
	assert_true(look.slot);
	assert_true(look.seconds == QUEUE_UNKNOWN);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		look.place = 7;
		assert_false(queue_look_read(&look, wrong[i]));
		assert_int_equal(look.place, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_look),    cmocka_unit_test(test_answers),
		cmocka_unit_test(test_values),  cmocka_unit_test(test_read),
		cmocka_unit_test(test_unknown), cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
