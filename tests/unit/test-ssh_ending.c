// SPDX-License-Identifier: GPL-2.0-or-later
/* ssh_ending.c: the end of a script's answer. */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "ssh/ssh_ending.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define WORD "0123456789abcdef0123456789abcdef"
#define MARK SSH_ENDING_MARK WORD "-"

static void on_output(void *user, const char *data, size_t length)
{
	char **answer = user;
	char *more = text_format("%s%.*s", *answer, (int)length, data);

	assert_true(length > 0);
	free(*answer);
	*answer = more;
}

/* The answer in @stream, which comes in pieces of @size bytes. The caller frees. */
static char *answer_of(struct ssh_ending *ending, const char *stream, size_t size)
{
	char *answer = text_copy("");

	ssh_ending_begin(ending, WORD);
	for (size_t at = 0; at < strlen(stream); at += size) {
		size_t left = strlen(stream) - at;

		ssh_ending_take(ending, stream + at, left < size ? left : size, on_output, &answer);
	}
	ssh_ending_flush(ending, on_output, &answer);
	return answer;
}

/* With every way to cut the stream into pieces. */
static void test_streams(void **state)
{
	static const struct {
		const char *stream, *answer;
		int status;
		bool over;
	} streams[] = {
		{ "", "", -1, false },
		{ "running\n", "running\n", -1, false },
		{ "running\n" MARK "0\n", "running\n", 0, true },
		{ "running\n" MARK "0\nbye\n", "running\n", 0, true },
		{ MARK "143\n", "", 143, true },
		{ "no line feed" MARK "1\nbye", "no line feed", 1, true },
		/* Another word is the script's. */
		{ "@p2vd-ends-0\n@@p2v" MARK "7\nx", "@p2vd-ends-0\n@@p2v", 7, true },
		{ SSH_ENDING_MARK "ffff-0\nx", SSH_ENDING_MARK "ffff-0\nx", -1, false },
		{ "@p2vd-en@p2vd-ends-" WORD "x" MARK "2\n", "@p2vd-en@p2vd-ends-" WORD "x", 2,
		  true },
		/* Only one mark counts. */
		{ "a" MARK "0\n" MARK "1\n", "a", 0, true },
		/* Cut off. */
		{ "a@p2vd-ends-0123", "a@p2vd-ends-0123", -1, false },
		{ "a" MARK, "a", -1, false },
		{ "a" MARK "\n", "a", -1, true },
		{ "a" MARK "99999999999999999999\n", "a", 999, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(streams); i++)
		for (size_t size = 1; size <= strlen(streams[i].stream) + 1; size++) {
			struct ssh_ending ending;
			AUTO_FREE char *answer = answer_of(&ending, streams[i].stream, size);

			assert_string_equal(answer, streams[i].answer);
			assert_int_equal(ending.over, streams[i].over);
			assert_int_equal(ending.status, streams[i].status);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
