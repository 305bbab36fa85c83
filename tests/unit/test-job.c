// SPDX-License-Identifier: GPL-2.0-or-later
/* job: what its scripts are given, and how the status that they print is read. */
#include "server/job.h"

#include "base/memory.h"
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
};
static const struct job_events no_events = { 0 };

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
		{ "running", JOB_RUNNING, -1 },    { "ended 0", JOB_ENDED, 0 },
		{ "ended 143", JOB_ENDED, 143 },   { "lost", JOB_LOST, -1 },
		{ "none", JOB_LOST, -1 },          { "", JOB_UNKNOWN, -1 },
		{ "ended", JOB_UNKNOWN, -1 },      { "ended x", JOB_UNKNOWN, -1 },
		{ "ended 0x", JOB_UNKNOWN, -1 },   { "ended 0 or so", JOB_UNKNOWN, -1 },
		{ "running\nx", JOB_UNKNOWN, -1 }, { "runningx", JOB_UNKNOWN, -1 },
		{ "lost\nx", JOB_UNKNOWN, -1 },    { "sh: cannot fork", JOB_UNKNOWN, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		int code = 7;

		assert_int_equal(job_read_status(lines[i].line, &code), lines[i].job);
		assert_int_equal(code, lines[i].code);
	}
}

static void check_script(const char *workdir, enum job_state expected, int expected_code)
{
	struct job *job = new_job(workdir);
	struct script_value values[JOB_VALUES];
	size_t count = job_values(job, NULL, values);
	AUTO_FREE char *line = NULL;
	int status, code;

	line = run_script(SCRIPT_STATUS, values, count, &status);
	assert_int_equal(status, 0);
	assert_int_equal(job_read_status(line, &code), expected);
	assert_int_equal(code, expected_code);
	job_free(job);
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
	job_free(job);
}

static void test_wrapper(void **state)
{
	char *arguments[] = { (char *)"-o", (char *)"a b", NULL };
	AUTO_FREE char *text = job_wrapper(&config, "it's", arguments);
	AUTO_FREE char *ending = job_ending(&config, "it's");
	static const char begin[] = "#!/bin/sh\n"
				    "unset workdir sudo output storage connection name patience\n"
				    "workdir=''\n"
				    "sudo='yes'\n"
				    "output='local'\n"
				    "storage='/srv/guests'\n"
				    "connection=''\n"
				    "name='it'\\''s'\n"
				    "patience='3600'\n"
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
		cmocka_unit_test(test_read_status),
		cmocka_unit_test(test_status_script),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_wrapper),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
