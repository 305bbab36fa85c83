// SPDX-License-Identifier: GPL-2.0-or-later
/* job: what its scripts are given, how the status that they print is read, and what follows
 * from it. */
#include "server/job.h"

#include "base/memory.h"
#include "loop.h"
#include "run-script.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const struct config config = {
	.output_type = (char *)"local",
	.output_storage = (char *)"/srv/guests",
	.sudo = true,
	.reconnect_timeout = 3600,
	.retries = 2,
};
static const struct job_events no_events = { 0 };

/* ---- a server that answers when the test wants ----------------------------- */

/* The commands that the job has sent: follow.sh, status.sh and so on. */
static struct ssh_command sent[8];
static size_t sent_count;

/* In place of ssh_run() (see the Makefile). */
void __wrap_ssh_run(struct ssh *ssh, const struct ssh_command *command);
void __wrap_ssh_run(struct ssh *ssh, const struct ssh_command *command)
{
	(void)ssh;
	assert_true(sent_count < COUNT(sent));
	sent[sent_count++] = *command;
}

static void answer(size_t index, const char *text)
{
	const struct ssh_command *command = &sent[index];

	command->output(command->user, false, text, strlen(text));
	command->done(command->user, 0);
}

static unsigned endings;

static void on_event(void *user)
{
	(void)user;
	endings++;
}

static void on_ended(void *user, int code, const char *bad)
{
	(void)bad;
	(void)user, (void)code;
	endings++;
}

static void on_failed(void *user, const char *reason)
{
	(void)user, (void)reason;
	endings++;
}

static void on_output(void *user, const char *data, size_t length)
{
	(void)user, (void)data, (void)length;
}

static char relayed[256]; /* lines, one after the other, with a | behind each */

static void on_relay(void *user, const char *line)
{
	(void)user;
	strcat(strcat(relayed, line), "|");
}

static const struct job_events counted = {
	.output = on_output,
	.relay = on_relay,
	.ended = on_ended,
	.cancelled = on_event,
	.failed = on_failed,
};

/* A job that has asked the server how virt-v2v stands: sent[1]. */
static struct job *asking_job(sd_event *event)
{
	struct job *job = job_new(event, &config, "web", "/tmp/w", &counted);

	sent_count = endings = 0;
	job_follow(job, NULL);
	assert_int_equal(sent_count, 1);
	sent[0].done(sent[0].user, 0);
	assert_int_equal(sent_count, 2);
	return job;
}

/* What the relay says stands beside the log, in any pieces and among other things. */
static void test_relay(void **state)
{
	static const char text[] =
		"bash: warning\nrelay disk 0 10 5\nrelay\nrelays\nrelay complete\n"
		"relay cut off";
	sd_event *event = loop_new();

	(void)state;
	for (size_t piece = 1; piece <= sizeof(text); piece++) {
		struct job *job = job_new(event, &config, "web", "/tmp/w", &counted);
		const struct ssh_command *command = &sent[0];
		char long_line[1000];

		*relayed = '\0';
		sent_count = 0;
		job_follow(job, NULL);
		memset(long_line, 'x', sizeof(long_line));
		long_line[sizeof(long_line) - 1] = '\n';
		command->output(command->user, true, long_line, sizeof(long_line));
		for (size_t at = 0; at < strlen(text); at += piece)
			command->output(command->user, true, text + at,
					strlen(text + at) < piece ? strlen(text + at) : piece);
		assert_string_equal(relayed, "disk 0 10 5|complete|");
		job_free(job);
	}
	sd_event_unref(event);
}

/* Longer than the first pause before the log is followed again. */
static bool anything_comes(sd_event *event)
{
	return sd_event_run(event, 1500000) > 0;
}

/* The log of a job that runs is followed again, after a pause. That ends with the session. */
static void test_followed_again(void **state)
{
	sd_event *event = loop_new();
	struct job *job = asking_job(event);

	(void)state;
	answer(1, "running\n");
	assert_int_equal(sent_count, 2);
	assert_true(anything_comes(event));
	assert_int_equal(sent_count, 3);
	sent[2].done(sent[2].user, -1);
	answer(3, "running\n");
	job_pause(job);
	assert_false(anything_comes(event));
	assert_int_equal(sent_count, 4);
	assert_int_equal(endings, 0);
	job_free(job);
	sd_event_unref(event);
}

/* Once it is cancelled, an answer that comes late starts nothing and ends nothing. */
static void test_late_answers(void **state)
{
	static const char *const answers[] = { "running\n", "", "ended 0\n", "lost\n", "gone\n" };
	sd_event *event = loop_new();
	struct job *job;

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		job = asking_job(event);
		job_cancel(job, NULL);
		assert_int_equal(sent_count, 3);
		answer(1, answers[i]);
		assert_int_equal(endings, 0);
		if (i < 2)
			assert_false(anything_comes(event));
		answer(2, "The conversion has ended with exit code 143.\n");
		assert_int_equal(endings, 1);
		assert_int_equal(sent_count, 3);
		job_free(job);
	}
	/* The end of the log comes late. */
	job = asking_job(event);
	job_cancel(job, NULL);
	sent[0].done(sent[0].user, 0);
	assert_int_equal(sent_count, 3);
	answer(1, "running\n");
	answer(2, "");
	job_free(job);
	sd_event_unref(event);
}

/* virt-v2v has ended while its log was not followed: the rest of it comes first. */
static void test_rest(void **state)
{
	sd_event *event = loop_new();
	struct job *job = asking_job(event);

	(void)state;
	answer(1, "running\n");
	assert_true(anything_comes(event));
	sent[2].done(sent[2].user, -1);
	answer(3, "ended 1\n");
	assert_int_equal(endings, 0);
	assert_int_equal(sent_count, 5);
	sent[4].done(sent[4].user, 0);
	answer(5, "ended 1\n");
	assert_int_equal(endings, 1);
	job_free(job);
	sd_event_unref(event);
}

static void test_gone(void **state)
{
	sd_event *event = loop_new();
	struct job *job = asking_job(event);

	(void)state;
	answer(1, "gone\n");
	assert_int_equal(endings, 1);
	assert_false(anything_comes(event));
	job_free(job);
	sd_event_unref(event);
}

/* ---- its scripts -------------------------------------------------------------- */

static struct job *new_job(const char *workdir)
{
	sd_event *event;
	struct job *job;

	assert_true(sd_event_new(&event) >= 0);
	job = job_new(event, &config, "web", workdir, &no_events);
	sd_event_unref(event);
	return job;
}

static void test_read_status(void **state)
{
	static const struct {
		const char *line;
		enum job_state job;
		int code;
	} lines[] = {
		{ "running", JOB_RUNNING, -1 },
		{ "ended 0", JOB_ENDED, 0 },
		{ "ended 143", JOB_ENDED, 143 },
		{ "lost", JOB_LOST, -1 },
		{ "none", JOB_LOST, -1 },
		{ "", JOB_UNKNOWN, -1 },
		{ "ended", JOB_UNKNOWN, -1 },
		{ "ended x", JOB_UNKNOWN, -1 },
		{ "ended 0x", JOB_UNKNOWN, -1 },
		{ "ended 0 or so", JOB_UNKNOWN, -1 },
		{ "running\nx", JOB_UNKNOWN, -1 },
		{ "runningx", JOB_UNKNOWN, -1 },
		{ "gone", JOB_GONE, -1 },
		{ "restarted", JOB_RESTARTED, JOB_CODE_RESTARTED },
		{ "restarted x", JOB_UNKNOWN, -1 },
		{ "gone x", JOB_UNKNOWN, -1 },
		{ "lost\nx", JOB_UNKNOWN, -1 },
		{ "sh: cannot fork", JOB_UNKNOWN, -1 },
		{ "refused x y", JOB_REFUSED, -1 },
		{ "refused", JOB_UNKNOWN, -1 },
		{ "refused x\ny", JOB_UNKNOWN, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		int code = 7;

		assert_int_equal(job_read_status(lines[i].line, &code), lines[i].job);
		assert_int_equal(code, lines[i].code);
	}
}

static void check_boot(const char *workdir, const char *boot, enum job_state expected,
		       int expected_code)
{
	struct job *job = new_job(workdir);
	struct script_value values[JOB_VALUES];
	size_t count;
	AUTO_FREE char *line = NULL;
	int status, code;

	job_is_try(job, 1, true, boot);
	count = job_values(job, NULL, values);
	line = run_script(SCRIPT_STATUS, values, count, &status);
	assert_int_equal(status, 0);
	assert_int_equal(job_read_status(line, &code), expected);
	assert_int_equal(code, expected_code);
	job_free(job);
}

static void check_script(const char *workdir, enum job_state expected, int expected_code)
{
	check_boot(workdir, NULL, expected, expected_code);
}

/* What status.sh prints of a work directory in each state is read as that state. */
static void test_status_script(void **state)
{
	char *root = tree_new();

	(void)state;
	check_script(root, JOB_LOST, -1); /* never started */
	tree_put(root, "process", "1 1 boot-of-last-year\n");
	tree_put(root, "status", "99\n");
	check_script(root, JOB_LOST, -1);
	tree_put(root, "status", "3\n");
	check_script(root, JOB_ENDED, 3);
	tree_put(root, "status", "1 cannot write '/tmp/x': Disk quota exceeded\n");
	check_script(root, JOB_REFUSED, -1);
	check_script("/tmp/virt-p2v-that-is-nowhere", JOB_GONE, -1);
	/* Since then, the server was restarted; what had ended before has ended. */
	check_boot("/tmp/virt-p2v-that-is-nowhere", "a", JOB_RESTARTED, JOB_CODE_RESTARTED);
	tree_put(root, "status", "3\n");
	check_boot(root, "a", JOB_ENDED, 3);
	tree_put(root, "status", "99\n");
	check_boot(root, "a", JOB_RESTARTED, JOB_CODE_RESTARTED);
	tree_remove(root);
}

static const char *value(const struct script_value *values, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(values[i].name, name))
			return values[i].value;
	fail_msg("there is no value '%s'", name);
	return NULL;
}

static void test_values(void **state)
{
	struct job *job = new_job("/tmp/w");
	struct script_value values[JOB_VALUES];

	(void)state;
	assert_string_equal(job_workdir(job), "/tmp/w");
	assert_int_equal(job_values(job, "secret\n", values), JOB_VALUES);
	assert_string_equal(value(values, JOB_VALUES, "workdir"), "/tmp/w");
	assert_string_equal(value(values, JOB_VALUES, "name"), "web");
	assert_string_equal(value(values, JOB_VALUES, "sudo"), "yes");
	assert_string_equal(value(values, JOB_VALUES, "keys"), "secret\n");
	/* A guest that is complete stays, unless we say that it must not. */
	assert_string_equal(value(values, JOB_VALUES, "discard"), "no");
	job_discard(job);
	job_values(job, NULL, values);
	assert_string_equal(value(values, JOB_VALUES, "discard"), "yes");
	assert_null(value(values, JOB_VALUES, "keys"));
	assert_string_equal(value(values, JOB_VALUES, "try"), "1");
	job_is_try(job, 3, true, "boot");
	job_values(job, NULL, values);
	assert_string_equal(value(values, JOB_VALUES, "try"), "3");
	assert_string_equal(value(values, JOB_VALUES, "relay_wanted"), "yes");
	assert_string_equal(value(values, JOB_VALUES, "boot_before"), "boot");
	job_free(job);
}

static void test_wrapper(void **state)
{
	char *arguments[] = { (char *)"-o", (char *)"a b", NULL };
	AUTO_FREE char *text = job_wrapper(&config, "it's", "1", arguments);
	AUTO_FREE char *ending = job_ending(&config, "it's");
	static const char begin[] =
		"#!/bin/sh\n"
		"unset workdir sudo output storage connection name grace patience retries slot\n"
		"workdir=''\n"
		"sudo='yes'\n"
		"output='local'\n"
		"storage='/srv/guests'\n"
		"connection=''\n"
		"name='it'\\''s'\n"
		"grace='6'\n"
		"patience='3600'\n"
		"retries='2'\n"
		"slot='1'\n"
		"set -- '-o' 'a b'\n";

	(void)state;
	assert_memory_equal(text, begin, sizeof(begin) - 1);
	assert_non_null(strstr(text, "exec virt-v2v \"$@\""));
	/* end.sh finds its directory by itself. */
	assert_non_null(strstr(ending, "workdir=''\nsudo='yes'\n"));
	assert_non_null(strstr(ending, "\nset --\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_status),  cmocka_unit_test(test_status_script),
		cmocka_unit_test(test_values),       cmocka_unit_test(test_wrapper),
		cmocka_unit_test(test_relay),        cmocka_unit_test(test_followed_again),
		cmocka_unit_test(test_late_answers), cmocka_unit_test(test_rest),
		cmocka_unit_test(test_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
