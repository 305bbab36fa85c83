// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of several servers will serve a machine first. */
#include "conversion/choice.h"

#include "base/cleanup.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define OFFER(number, of_taken, of_slots, of_seconds) \
	{                                             \
		.look = {                             \
			.place = (number),            \
			.taken = (of_taken),          \
			.slots = (of_slots),          \
			.seconds = (of_seconds)       \
		}                                     \
	}

static struct offer
	one_free = OFFER(1, 1, 2, 0),
	two_free = OFFER(1, 2, 4, 0), full = OFFER(1, 2, 2, QUEUE_UNKNOWN),
	third = OFFER(3, 2, 2, QUEUE_UNKNOWN), third_of_many = OFFER(3, 8, 8, QUEUE_UNKNOWN),
	soon = OFFER(4, 2, 2, 60), later = OFFER(1, 2, 2, 3600), wanted = OFFER(2, 1, 2, 60),
	second = OFFER(2, 0, 2, 0), down = { .wrong = (char *)"no answer", .down = true },
	own = { .look = { .ours = true, .slot = true, .place = 1, .taken = 2, .slots = 2 } };

static int best(const struct offer *a, const struct offer *b, const struct offer *c)
{
	const struct offer *offers[] = { a, b, c };

	return choice_best(offers, COUNT(offers), 0);
}

static void test_best(void **state)
{
	(void)state;
	assert_int_equal(best(NULL, NULL, NULL), -1);
	assert_int_equal(best(&down, NULL, &down), -1);
	assert_int_equal(best(&down, &full, NULL), 1);
	assert_int_equal(best(&one_free, &one_free, &one_free), 0);
	assert_int_equal(best(&one_free, &two_free, &full), 1);
	assert_int_equal(best(&full, &one_free, &soon), 1);
	assert_int_equal(best(&two_free, &one_free, &own), 2);
	assert_int_equal(best(&later, &soon, NULL), 1);
	assert_int_equal(best(&third, &full, &third_of_many), 2);
	assert_int_equal(best(&third, &full, NULL), 1);
	/* Of equals the first, wherever that begins. */
	assert_int_equal(choice_best((const struct offer *[]){ &full, &one_free, &one_free }, 3, 2),
			 2);
	assert_int_equal(choice_best((const struct offer *[]){ &one_free, &one_free, &full }, 3, 2),
			 0);
	assert_int_equal(choice_best((const struct offer *[]){ &one_free, &full, &two_free }, 3, 0),
			 2);
	/* Who waits before it has one of two that are free. */
	assert_true(offer_is_free(&second));
	assert_int_equal(best(&two_free, &second, NULL), 0);
	assert_int_equal(best(&full, &second, NULL), 1);
	/* A slot for which somebody waits already is not free. */
	assert_false(offer_is_free(&wanted));
	assert_true(offer_is_free(&one_free));
	assert_true(offer_is_free(&own));
	assert_false(offer_is_free(&down));
}

static void test_text(void **state)
{
	static const struct {
		const struct offer *offer;
		const char *text;
	} texts[] = {
		{ &one_free, "1 of 2 slots are free" },
		{ &down, "no answer" },
		{ &own, "this machine has a slot there" },
		{ &full, "2 of 2 slots are taken, this machine would have place 1" },
		{ &later,
		  "2 of 2 slots are taken, this machine would have place 1; about 1:00:00" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		AUTO_FREE char *text = offer_text(texts[i].offer);

		assert_string_equal(text, texts[i].text);
	}
}

static void test_look(void **state)
{
	(void)state;
	assert_true(choice_looks(1, 0));
	assert_true(choice_looks(1, 1));
	assert_false(choice_looks(9, 10));
	assert_true(choice_looks(10, 10));
	assert_false(choice_looks(29, 125));
	assert_true(choice_looks(30, 125));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_best),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
