// SPDX-License-Identifier: GPL-2.0-or-later
/* crew: processes of our own, what they hand back, and what becomes of one that dies. */
#include "base/cleanup.h"
#include "base/text.h"
#include "bmc/crew.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int answer(void *user, size_t index, char **sentence)
{
	const char *text = user;

	if (text)
		*sentence = text_format("%s %zu", text, index);
	return -(int)index;
}

static int die(void *user, size_t index, char **sentence)
{
	(void)user, (void)index, (void)sentence;
	raise(SIGKILL);
	return 0;
}

static int stay(void *user, size_t index, char **sentence)
{
	(void)user, (void)index, (void)sentence;
	return pause(); /* until a signal ends it */
}

static void test_answers(void **state)
{
	struct crew *crew = crew_new();
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; i < 20; i++)
		assert_int_equal(crew_begin(crew, answer, (void *)"it is\nso", i), 0);
	assert_int_equal(crew_size(crew), 20);
	while (crew_size(crew)) {
		AUTO_FREE char *expected = NULL;
		struct crew_result result;

		assert_true(crew_wait(crew, -1, &result));
		expected = text_format("it is\nso %zu", result.index);
		assert_string_equal(result.sentence, expected);
		assert_int_equal(result.code, -(int)result.index);
		assert_ptr_equal(result.work, answer);
		assert_false(seen & 1U << result.index);
		seen |= 1U << result.index;
		free(result.sentence);
	}
	assert_int_equal(seen, (1U << 20) - 1);
	crew_free(crew);
}

static void test_no_sentence(void **state)
{
	struct crew *crew = crew_new();
	struct crew_result result;

	(void)state;
	assert_false(crew_wait(crew, 0, &result));
	assert_int_equal(crew_begin(crew, answer, NULL, 7), 0);
	assert_true(crew_wait(crew, -1, &result));
	assert_int_equal(result.code, -7);
	assert_null(result.sentence);
	crew_free(crew);
}

static void test_death(void **state)
{
	struct crew *crew = crew_new();
	struct crew_result result;

	(void)state;
	assert_int_equal(crew_begin(crew, die, NULL, 1), 0);
	assert_true(crew_wait(crew, -1, &result));
	assert_int_equal(result.code, -ECHILD);
	assert_non_null(strstr(result.sentence, "ended early"));
	free(result.sentence);
	/* One that is still at work is ended with its crew. */
	assert_int_equal(crew_begin(crew, stay, NULL, 2), 0);
	assert_false(crew_wait(crew, 0, &result));
	crew_free(crew);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_no_sentence),
		cmocka_unit_test(test_death),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
