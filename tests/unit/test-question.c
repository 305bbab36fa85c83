// SPDX-License-Identifier: GPL-2.0-or-later
/* question: processes that answer, die, and never answer. */
#include "base/question.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "loop.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define SECOND 1000000ULL
#define LARGE ((size_t)3 << 20)

struct seen {
	bool answered;
	unsigned calls;
	int error;
	char *bytes;
	size_t length;
};

static void on_answered(void *user, const char *bytes, size_t length, int error)
{
	struct seen *seen = user;

	seen->calls++;
	seen->answered = true;
	seen->error = error;
	assert_true(!error || !bytes);
	seen->bytes = memory_zero(length + 1, 1);
	if (length)
		memcpy(seen->bytes, bytes, length);
	seen->length = length;
}

static struct seen asked(char *(*ask)(const void *subject, size_t *length), const void *subject,
			 uint64_t limit)
{
	struct seen seen = { 0 };
	const struct question_options options = { ask, subject, limit, on_answered, &seen };
	struct question *question;
	sd_event *event = loop_new();

	assert_int_equal(question_start(event, &options, &question), 0);
	assert_true(loop_until(event, &seen.answered));
	loop_idle(event);
	assert_int_equal(seen.calls, 1);
	question_free(question);
	/* One that was killed may be gone already, or not yet; that it is killed shows in that this
	 * comes back. */
	if (seen.error == ETIMEDOUT)
		waitpid(-1, NULL, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	sd_event_unref(event);
	return seen;
}

static char *say(const void *subject, size_t *length)
{
	*length = strlen(subject) + 1; /* with its zero byte */
	return text_copy(subject);
}

static char *say_nothing(const void *subject, size_t *length)
{
	(void)subject;
	*length = 0;
	return NULL;
}

static char *say_much(const void *subject, size_t *length)
{
	char *bytes = memory_zero(LARGE, 1);

	memset(bytes, *(const char *)subject, LARGE);
	*length = LARGE;
	return bytes;
}

static void gets_answers(void **state)
{
	struct seen seen = asked(say, "some\xff words", 60 * SECOND);

	(void)state;
	assert_int_equal(seen.error, 0);
	assert_int_equal(seen.length, 12);
	assert_string_equal(seen.bytes, "some\xff words");
	free(seen.bytes);
	seen = asked(say_nothing, NULL, 60 * SECOND);
	assert_int_equal(seen.error, 0);
	assert_int_equal(seen.length, 0);
	free(seen.bytes);
	seen = asked(say_much, "x", 60 * SECOND);
	assert_int_equal(seen.length, LARGE);
	for (size_t i = 0; i < LARGE; i++)
		assert_int_equal(seen.bytes[i], 'x');
	free(seen.bytes);
}

/* The process has standard input, its answer's way, and what opendir() needs. */
static char *count_descriptors(const void *subject, size_t *length)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	(void)subject;
	while (directory && readdir(directory))
		count++;
	closedir(directory);
	*length = 1;
	return text_format("%c", '0' + count - 2);
}

static void hands_no_descriptors_on(void **state)
{
	AUTO_CLOSE int other = dup(STDIN_FILENO);
	struct seen seen = asked(count_descriptors, NULL, 60 * SECOND);

	(void)state;
	assert_string_equal(seen.bytes, "2");
	free(seen.bytes);
}

static char *never(const void *subject, size_t *length)
{
	(void)subject, (void)length;
	while (pause() < 0)
		;
	return NULL;
}

static void ends_waiting(void **state)
{
	struct seen seen = asked(never, NULL, SECOND / 5);

	(void)state;
	assert_int_equal(seen.error, ETIMEDOUT);
	free(seen.bytes);
}

static char *die(const void *subject, size_t *length)
{
	(void)subject, (void)length;
	kill(getpid(), SIGKILL);
	return NULL;
}

static char *leave(const void *subject, size_t *length)
{
	(void)subject, (void)length;
	_exit(0);
}

/* As when libblkid comes upon something that its authors did not think of. */
static void survives_its_end(void **state)
{
	struct seen seen = asked(die, NULL, 60 * SECOND);

	(void)state;
	assert_int_equal(seen.error, EPIPE);
	free(seen.bytes);
	seen = asked(leave, NULL, 60 * SECOND);
	assert_int_equal(seen.error, EPIPE);
	free(seen.bytes);
}

static void can_be_dropped(void **state)
{
	struct seen seen = { 0 };
	const struct question_options options = { never, NULL, SECOND / 10, on_answered, &seen };
	struct question *question;
	sd_event *event = loop_new();

	(void)state;
	question_free(NULL);
	assert_int_equal(question_start(event, &options, &question), 0);
	question_free(question);
	loop_idle(event);
	assert_int_equal(seen.calls, 0);
	waitpid(-1, NULL, 0); /* as in asked() */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	sd_event_unref(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gets_answers),   cmocka_unit_test(hands_no_descriptors_on),
		cmocka_unit_test(ends_waiting),   cmocka_unit_test(survives_its_end),
		cmocka_unit_test(can_be_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
