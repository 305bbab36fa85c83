// SPDX-License-Identifier: GPL-2.0-or-later
/* askpass: the password on its way to ssh(1). */
#include "base/text.h"
#include "transfer/askpass.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "loop.h"
#include "tree.h"

#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const char password[] = "it's a secret";

struct stage {
	sd_event *event;
	char *root, *socket;
	struct askpass *askpass;
};

static struct stage stage_new(void)
{
	struct stage stage = { .event = loop_new(), .root = tree_new() };
	AUTO_FREE char *reason = NULL;

	stage.socket = text_format("%s/askpass.sock", stage.root);
	assert_int_equal(askpass_start(stage.event, stage.root, password, &stage.askpass, &reason),
			 0);
	return stage;
}

static void stage_free(struct stage *stage)
{
	askpass_free(stage->askpass);
	assert_int_equal(access(stage->socket, F_OK), -1);
	sd_event_unref(stage->event);
	free(stage->socket);
	tree_remove(stage->root);
}

/* Runs the other end as ssh(1) does, as @user. Returns its exit status, 99 if there is
 * no such user here; what it prints goes to @text. */
static int ask(const struct stage *stage, uid_t user, char *text, size_t size)
{
	int output[2], status = -1;
	ssize_t length;
	pid_t pid;

	assert_int_equal(pipe(output), 0);
	pid = fork();
	if (pid == 0) {
		dup2(output[1], STDOUT_FILENO);
		if (user != geteuid() && (setgroups(0, NULL) < 0 || setuid(user) < 0))
			_exit(99);
		_exit(askpass_main(stage->socket));
	}
	close(output[1]);
	while (waitpid(pid, &status, WNOHANG) == 0)
		sd_event_run(stage->event, 20000);
	length = read(output[0], text, size - 1);
	text[length > 0 ? length : 0] = '\0';
	close(output[0]);
	return WEXITSTATUS(status);
}

/* ssh(1) asks once for each tunnel. */
static void test_ask(void **state)
{
	struct stage stage = stage_new();
	char text[64];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(ask(&stage, geteuid(), text, sizeof(text)), 0);
		assert_string_equal(text, "it's a secret\n");
	}
	stage_free(&stage);
}

/* Even where its permissions would let others in, only our user gets an answer. */
static void test_other_user(void **state)
{
	struct stage stage = stage_new();
	char text[64];
	int status = 99;

	(void)state;
	assert_int_equal(chmod(stage.root, 0755), 0);
	assert_int_equal(chmod(stage.socket, 0777), 0);
	if (geteuid() == 0)
		status = ask(&stage, 65534, text, sizeof(text));
	stage_free(&stage);
	if (status == 99)
		skip();
	assert_int_equal(status, 1);
	assert_string_equal(text, "");
}

static void test_environment(void **state)
{
	struct stage stage = stage_new();
	AUTO_LIST char **environment = askpass_environment(stage.askpass);
	AUTO_FREE char *all = list_join(environment, "\n");
	AUTO_FREE char *expected = text_format("SSH_ASKPASS=/proc/%d/exe\n"
					       "SSH_ASKPASS_REQUIRE=force\n"
					       "P2VD_ASKPASS=%s",
					       getpid(), stage.socket);

	(void)state;
	assert_string_equal(all, expected);
	stage_free(&stage);
}

static void test_nobody_listens(void **state)
{
	struct stage stage = { .event = loop_new(), .root = tree_new() };
	char text[64];

	(void)state;
	stage.socket = text_format("%s/none", stage.root);
	assert_int_equal(ask(&stage, geteuid(), text, sizeof(text)), 1);
	assert_string_equal(text, "");
	stage_free(&stage);
}

static void test_long_directory(void **state)
{
	sd_event *event = loop_new();
	struct askpass *askpass = NULL;
	AUTO_FREE char *reason = NULL;
	char directory[200];

	(void)state;
	memset(directory, 'x', sizeof(directory) - 1);
	directory[sizeof(directory) - 1] = '\0';
	assert_int_equal(askpass_start(event, directory, password, &askpass, &reason),
			 -ENAMETOOLONG);
	assert_non_null(strstr(reason, "cannot listen on 'xxx"));
	assert_null(strstr(reason, password));
	sd_event_unref(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_other_user),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_long_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
