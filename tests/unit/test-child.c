// SPDX-License-Identifier: GPL-2.0-or-later
/* child: processes on the event loop. */
#include "base/child.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

struct result {
	sd_event *event;
	char text[65536];
	size_t length;
	int status;
};

static void on_output(void *user, const char *data, size_t length)
{
	struct result *result = user;

	assert_true(result->length + length < sizeof(result->text));
	memcpy(result->text + result->length, data, length);
	result->length += length;
}

static void on_ended(void *user, int status)
{
	struct result *result = user;

	result->status = status;
	sd_event_exit(result->event, 0);
}

static void on_line(void *user, const char *line)
{
	on_output(user, line, strlen(line));
	on_output(user, "|", 1);
}

static void run_program(struct result *result, const char *const *argv, char *const *environment,
			void (*line)(void *user, const char *line))
{
	struct child_options options = {
		.argv = argv,
		.environment = environment,
		.output = line ? NULL : on_output,
		.line = line,
		.ended = on_ended,
		.user = result,
	};
	struct child *child = NULL;
	AUTO_FREE char *reason = NULL;

	*result = (struct result){ .status = -1 };
	assert_return_code(sd_event_new(&result->event), 0);
	assert_int_equal(child_start(result->event, &options, &child, &reason), 0);
	assert_return_code(sd_event_loop(result->event), 0);
	child_free(child);
	sd_event_unref(result->event);
}

static void run_with(struct result *result, const char *script, char *const *environment,
		     void (*line)(void *user, const char *line))
{
	const char *const argv[] = { "sh", "-c", script, NULL };

	run_program(result, argv, environment, line);
}

static void run(struct result *result, const char *script, char *const *environment)
{
	run_with(result, script, environment, NULL);
}

/* The last line comes before ended(), also without a newline. */
static void test_lines(void **state)
{
	static struct result result;

	(void)state;
	run_with(&result, "echo out; echo err >&2; printf end", NULL, on_line);
	assert_string_equal(result.text, "out|err|end|");
	assert_int_equal(result.status, 0);
}

static void test_output_and_status(void **state)
{
	static struct result result;

	(void)state;
	run(&result, "echo out; echo err >&2; exit 3", NULL);
	assert_string_equal(result.text, "out\nerr\n");
	assert_int_equal(WEXITSTATUS(result.status), 3);
}

/* All of a long output is handed over before ended() is called. */
static void test_long_output(void **state)
{
	static struct result result;

	(void)state;
	run(&result, "head -c 60000 /dev/zero", NULL);
	assert_int_equal(result.length, 60000);
}

static void test_surroundings(void **state)
{
	static struct result result;
	char *environment[] = { "P2VD_TEST=a b", NULL };

	(void)state;
	run(&result, "echo \"$P2VD_TEST\"; readlink /proc/self/fd/0; ls /proc/self/fd | wc -l",
	    environment);
	/* 0, 1, 2 and the directory that ls reads */
	assert_string_equal(result.text, "a b\n/dev/null\n4\n");
}

static void take_ours(void *user, const char *line)
{
	if (text_begins(line, "P2VD_TEST"))
		on_line(user, line);
}

/* What is added wins over what we have ourselves, and is there once. No shell: it would drop one
 * of two variables with one name. */
static void test_environment(void **state)
{
	static struct result result;
	const char *const argv[] = { "env", NULL };
	char *environment[] = { "P2VD_TEST=new", "P2VD_TEST_2=", NULL };

	(void)state;
	assert_return_code(setenv("P2VD_TEST", "old", 1), errno);
	assert_return_code(setenv("P2VD_TEST_2", "old", 1), errno);
	assert_return_code(setenv("P2VD_TEST_23", "kept", 1), errno);
	run_program(&result, argv, environment, take_ours);
	assert_string_equal(result.text, "P2VD_TEST=new|P2VD_TEST_2=|P2VD_TEST_23=kept|");
}

/* Whether a process has ended; it may be a zombie. */
static bool gone(pid_t pid)
{
	AUTO_FREE char *path = text_format("/proc/%d/stat", (int)pid);
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	char state = 'X';

	return !file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1 || state == 'Z' ||
	       state == 'X';
}

static void on_pid(void *user, const char *data, size_t length)
{
	on_output(user, data, length);
	if (memchr(data, '\n', length))
		sd_event_exit(((struct result *)user)->event, 0);
}

/* Runs @script until it has written a line, ends it, and returns the number in the
 * line. */
static pid_t run_and_free(const char *script)
{
	static struct result result;
	const char *const argv[] = { "sh", "-c", script, NULL };
	struct child_options options = {
		.argv = argv, .output = on_pid, .ended = on_ended, .user = &result
	};
	struct child *child = NULL;
	AUTO_FREE char *reason = NULL;

	result = (struct result){ .status = -1 };
	assert_return_code(sd_event_new(&result.event), 0);
	assert_int_equal(child_start(result.event, &options, &child, &reason), 0);
	assert_return_code(sd_event_loop(result.event), 0);
	child_free(child);
	children_end();
	sd_event_unref(result.event);
	return atoi(result.text);
}

/* Processes that the child has started end with it, even if they ignore SIGTERM. */
static void test_group(void **state)
{
	pid_t pid;

	(void)state;
	pid = run_and_free("sleep 300 & echo $!; wait");
	assert_true(pid > 0);
	assert_true(gone(pid));
	pid = run_and_free("(trap '' TERM; while :; do sleep 1; done) & echo $!; wait");
	for (int i = 0; i < 1000 && !gone(pid); i++)
		usleep(10000); /* nobody waits for all of them after SIGKILL */
	assert_true(gone(pid));
}

/* But what a child left running that has ended by itself goes on. */
static void test_left_running(void **state)
{
	static struct result result;
	pid_t pid;

	(void)state;
	run(&result, "sleep 300 >/dev/null 2>&1 & echo $!", NULL);
	pid = atoi(result.text);
	assert_true(pid > 0);
	assert_false(gone(pid));
	kill(pid, SIGKILL);
}

static void forget_output(void *user, const char *data, size_t length)
{
	(void)data;
	((struct result *)user)->length += length;
}

/* A grandchild that never stops writing does not delay us either. */
static void test_endless_output(void **state)
{
	static const char *const argv[] = { "sh", "-c", "yes & sleep 0.1", NULL };
	struct result result = { .status = -1 };
	struct child_options options = {
		.argv = argv, .output = forget_output, .ended = on_ended, .user = &result
	};
	struct child *child = NULL;
	AUTO_FREE char *reason = NULL;

	(void)state;
	assert_return_code(sd_event_new(&result.event), 0);
	assert_int_equal(child_start(result.event, &options, &child, &reason), 0);
	alarm(30);
	assert_return_code(sd_event_loop(result.event), 0);
	alarm(0);
	child_free(child); /* closes the pipe, which ends yes(1) */
	sd_event_unref(result.event);
	assert_true(result.length > 0);
	assert_true(WIFEXITED(result.status));
}

/* A grandchild that keeps the pipe open does not delay us. */
static void test_grandchild(void **state)
{
	static struct result result;

	(void)state;
	run(&result, "sleep 5 & echo done", NULL);
	assert_string_equal(result.text, "done\n");
	assert_true(WIFEXITED(result.status));
}

static void test_missing_program(void **state)
{
	static const char *const argv[] = { "p2vd-no-such-program", NULL };
	struct child_options options = { .argv = argv, .ended = on_ended };
	struct child *child = NULL;
	AUTO_FREE char *reason = NULL;
	sd_event *event = NULL;

	(void)state;
	assert_return_code(sd_event_new(&event), 0);
	assert_int_equal(child_start(event, &options, &child, &reason), -ENOENT);
	assert_non_null(strstr(reason, "'p2vd-no-such-program'"));
	assert_null(child);
	sd_event_unref(event);
}

/* A child that ignores SIGTERM is killed. */
static void test_free_ends(void **state)
{
	static const char *const argv[] = { "sh", "-c", "trap '' TERM; while :; do sleep 1; done",
					    NULL };
	struct child_options options = { .argv = argv, .ended = on_ended };
	struct child *child = NULL;
	AUTO_FREE char *reason = NULL;
	sd_event *event = NULL;
	pid_t pid;

	(void)state;
	assert_return_code(sd_event_new(&event), 0);
	assert_int_equal(child_start(event, &options, &child, &reason), 0);
	pid = child_pid(child);
	child_free(child);
	children_end();
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
	sd_event_unref(event);
}

static void on_ready(void *user, const char *line)
{
	(void)line;
	++*(unsigned *)user;
}

/* The event loop goes on meanwhile, and ends them. */
static void test_free_waits_for_nothing(void **state)
{
	static const char *const argv[] = { "sh", "-c",
					    "trap '' TERM; echo ready; while :; do sleep 1; done",
					    NULL };
	unsigned ready = 0;
	struct child_options options = {
		.argv = argv, .line = on_ready, .ended = on_ended, .user = &ready
	};
	struct child *children[3];
	AUTO_FREE char *reason = NULL;
	sd_event *event = NULL;
	pid_t pids[3];

	(void)state;
	assert_return_code(sd_event_new(&event), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(child_start(event, &options, &children[i], &reason), 0);
		pids[i] = child_pid(children[i]);
	}
	while (ready < 3)
		assert_return_code(sd_event_run(event, 1000000), 0);
	for (int i = 0; i < 3; i++)
		child_free(children[i]);
	for (int i = 0; i < 3; i++)
		assert_false(gone(pids[i]));
	for (int i = 0; i < 3; i++)
		while (kill(pids[i], 0) == 0)
			assert_return_code(sd_event_run(event, 1000000), 0);
	children_end(); /* has nothing left to do */
	sd_event_unref(event);
}

static void test_status_text(void **state)
{
	AUTO_FREE char *exited = child_status_text(3 << 8);
	AUTO_FREE char *killed = child_status_text(SIGKILL);

	(void)state;
	assert_string_equal(exited, "exit status 3");
	assert_string_equal(killed, "signal 9 (Killed)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output_and_status),
		cmocka_unit_test(test_long_output),
		cmocka_unit_test(test_surroundings),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_grandchild),
		cmocka_unit_test(test_missing_program),
		cmocka_unit_test(test_free_ends),
		cmocka_unit_test(test_free_waits_for_nothing),
		cmocka_unit_test(test_status_text),
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_left_running),
		cmocka_unit_test(test_endless_output),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
