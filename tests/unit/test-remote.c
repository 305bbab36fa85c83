// SPDX-License-Identifier: GPL-2.0-or-later
/* remote: what scripts answer, and what is said when they fail. */
#include "server/remote.h"

#include "base/cleanup.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_pieces(void **state)
{
	struct remote_answer answer = { 0 };

	(void)state;
	assert_string_equal(remote_answer_text(&answer), "");
	assert_true(remote_answer_add(&answer, "ended ", 6));
	assert_true(remote_answer_add(&answer, "", 0));
	assert_true(remote_answer_add(&answer, "0 \r\n\t\n", 6));
	assert_string_equal(remote_answer_text(&answer), "ended 0");
	assert_string_equal(remote_answer_text(&answer), "ended 0");
	free(answer.text);
}

static void test_white_space_only(void **state)
{
	struct remote_answer answer = { 0 };

	(void)state;
	assert_true(remote_answer_add(&answer, " \n\n", 3));
	assert_string_equal(remote_answer_text(&answer), "");
	free(answer.text);
}

/* A script without end costs us no more memory than one answer. */
static void test_limit(void **state)
{
	struct remote_answer answer = { 0 };
	AUTO_FREE char *half = memory_zero(REMOTE_ANSWER_MAX / 2, 1);

	(void)state;
	memset(half, 'x', REMOTE_ANSWER_MAX / 2);
	assert_true(remote_answer_add(&answer, half, REMOTE_ANSWER_MAX / 2));
	assert_true(remote_answer_add(&answer, half, REMOTE_ANSWER_MAX / 2 - 1));
	assert_false(remote_answer_add(&answer, "yz", 2));
	assert_int_equal(answer.length, REMOTE_ANSWER_MAX);
	assert_int_equal(answer.text[REMOTE_ANSWER_MAX - 1], 'y');
	assert_false(remote_answer_add(&answer, "z", 1));
	assert_true(remote_answer_add(&answer, "", 0));
	assert_int_equal(strlen(remote_answer_text(&answer)), REMOTE_ANSWER_MAX);
	free(answer.text);
}

static void test_reason(void **state)
{
	AUTO_FREE char *said = remote_reason("end virt-v2v", "sh: killed");
	AUTO_FREE char *silent = remote_reason("end virt-v2v", "");

	(void)state;
	assert_string_equal(said, "cannot end virt-v2v on the conversion server: sh: killed");
	assert_string_equal(silent, "cannot end virt-v2v on the conversion server: no answer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_white_space_only),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
