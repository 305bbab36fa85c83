// SPDX-License-Identifier: GPL-2.0-or-later
/* The user's own commands, run by the real sh. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/log.h"
#include "base/text.h"
#include "conversion/hook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct outcome {
	sd_event *event;
	struct hook *hook;
	unsigned ends;
	char *reason, **said;
};

static void on_message(void *user, int priority, const char *line)
{
	struct outcome *outcome = user;

	(void)priority;
	list_append(&outcome->said, text_copy(line));
}

static void on_done(void *user, const char *reason)
{
	struct outcome *outcome = user;

	outcome->ends++;
	outcome->reason = text_copy(reason);
	hook_free(steal(outcome->hook)); /* allowed here */
	sd_event_exit(outcome->event, 0);
}

/* The caller frees what the outcome has. */
static struct outcome run(const char *command, char *const *environment)
{
	struct outcome outcome = { 0 };

	log_set_sink(on_message, &outcome);
	assert_true(sd_event_new(&outcome.event) >= 0);
	outcome.hook = hook_start(outcome.event, "p2v.pre", command, environment, on_done,
				  &outcome);
	assert_int_equal(outcome.ends, 0);
	assert_true(sd_event_loop(outcome.event) >= 0);
	assert_int_equal(outcome.ends, 1);
	sd_event_unref(outcome.event);
	log_set_sink(NULL, NULL);
	return outcome;
}

static void clear(struct outcome *outcome)
{
	free(outcome->reason);
	list_free(outcome->said);
}

static void test_success(void **state)
{
	char *environment[] = { (char *)"P2V_REASON=a disk's gone", NULL };
	struct outcome outcome = run("echo \"$P2V_REASON\"; printf rest >&2", environment);

	(void)state;
	assert_null(outcome.reason);
	assert_true(list_contains(outcome.said, "p2v.pre: a disk's gone"));
	assert_true(list_contains(outcome.said, "p2v.pre: rest"));
	clear(&outcome);
}

static void test_failure(void **state)
{
	struct outcome outcome = run("exit 3", NULL);

	(void)state;
	assert_string_equal(outcome.reason, "the command of p2v.pre failed: exit status 3");
	clear(&outcome);
	outcome = run("kill -9 $$", NULL);
	assert_string_equal(outcome.reason, "the command of p2v.pre failed: signal 9 (Killed)");
	clear(&outcome);
	outcome = run("/nonexistent/command", NULL);
	assert_string_equal(outcome.reason, "the command of p2v.pre failed: exit status 127");
	clear(&outcome);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_success),
		cmocka_unit_test(test_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
