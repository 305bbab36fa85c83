// SPDX-License-Identifier: GPL-2.0-or-later
/* What the image's owner has put into it: which word overrides which, and what files mean. */
#include "base/text.h"
#include "config/config.h"
#include "config/defaults.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/secret.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static char said[4096];

static void hear(void *user, int priority, const char *line)
{
	(void)user, (void)priority;
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s\n", line);
}

static int read_config(struct config *config, const char *root, const char *file,
		       const char *cmdline)
{
	struct cmdline words = { 0 };
	int r;

	*said = '\0';
	if (file)
		cmdline_split(&words, file, strlen(file));
	log_set_sink(hear, NULL);
	r = defaults_config(config, root, file ? &words : NULL, cmdline, NULL);
	cmdline_clear(&words);
	return r;
}

static void test_order(void **state)
{
	char *root = tree_new();
	struct config config;

	(void)state;
	tree_put(root, "parameters",
		 "p2v.port=1\np2v.name=one\np2v.username=one\np2v.config=https://x/y\n");
	assert_int_equal(read_config(&config, root, "p2v.name=two p2v.username=two",
				     "p2v.username=three"),
			 0);
	assert_int_equal(config.port, 1);
	assert_string_equal(config.name, "two");
	assert_string_equal(config.username, "three");
	assert_string_equal(config.configuration, "https://x/y");
	assert_string_equal(config.output_type, "local");
	config_clear(&config);
	tree_remove(root);
}

/* The name and the output may come from different places. */
static void test_name_for_output(void **state)
{
	char *root = tree_new();
	struct config config;

	(void)state;
	tree_put(root, "parameters", "p2v.o=kubevirt\n");
	assert_int_equal(read_config(&config, root, NULL, "p2v.name=Web_1"), -EINVAL);
	assert_non_null(strstr(said, "'p2v.guestname' is wrong: 'Web_1' holds 'W', and KubeVirt"));
	assert_non_null(strstr(said, "give one like 'web-1'"));
	config_clear(&config);
	assert_int_equal(read_config(&config, root, NULL, "p2v.name=Web_1 p2v.o=local"), 0);
	config_clear(&config);
	assert_int_equal(read_config(&config, root, NULL, ""), 0);
	config_clear(&config);
	/* The file may give another name, or another output. */
	assert_int_equal(read_config(&config, root, NULL, "p2v.name=Web_1 p2v.config=https://x/y"),
			 0);
	config_clear(&config);
	assert_int_equal(read_config(&config, root, "p2v.o=libvirt",
				     "p2v.name=Web_1 p2v.config=https://x/y"),
			 0);
	config_clear(&config);
	assert_int_equal(read_config(&config, root, "p2v.port=23",
				     "p2v.name=Web_1 p2v.config=https://x/y"),
			 -EINVAL);
	config_clear(&config);
	tree_remove(root);
}

static void test_nothing(void **state)
{
	struct config config;

	(void)state;
	assert_int_equal(read_config(&config, "/nonexistent", NULL, "p2v.port=7"), 0);
	assert_int_equal(config.port, 7);
	assert_null(config.identity);
	assert_null(config.pre);
	assert_true(config.shell);
	config_clear(&config);
}

static void expect_text(const char *text, const char *expected)
{
	if (!expected)
		assert_null(text);
	else
		assert_true(text && !strcmp(text + strlen(text) - strlen(expected), expected));
}

static void expect_files(const char *root, const char *cmdline, const char *identity,
			 const char *pre)
{
	struct config config;

	assert_int_equal(read_config(&config, root, NULL, cmdline), 0);
	expect_text(config.identity, identity);
	expect_text(config.pre, pre);
	expect_text(config.post, NULL);
	expect_text(config.fail, "/fail");
	config_clear(&config);
	secret_forget_all();
}

static void test_files(void **state)
{
	char *root = tree_new();
	struct config config;

	(void)state;
	tree_put(root, "identity", "key");
	tree_put(root, "pre", "#!/bin/sh\n");
	tree_put(root, "fail", "#!/bin/sh\n");
	expect_files(root, "", "/identity", "/pre");
	expect_files(root, "p2v.password=x", NULL, "/pre");
	expect_files(root, "p2v.identity=file:///k p2v.pre=true", "/k", "true");
	/* What is empty is "none", also where the image has a file. */
	assert_int_equal(read_config(&config, root, NULL, "p2v.pre= p2v.fail="), 0);
	assert_string_equal(config.pre, "");
	assert_string_equal(config.fail, "");
	config_clear(&config);
	tree_remove(root);
}

static void test_wrong(void **state)
{
	char *root = tree_new();
	struct config config;

	(void)state;
	tree_put(root, "parameters", "p2v.shell=no\np2v.name=web\np2v.port=ssh\n");
	assert_int_equal(read_config(&config, root, NULL, ""), -EINVAL);
	assert_non_null(strstr(said, "'p2v.port' (line 3 of '"));
	assert_non_null(strstr(said, "/parameters') cannot be 'ssh'"));
	assert_false(config.shell);
	config_clear(&config);
	/* The words of the command line are not checked. */
	assert_int_equal(read_config(&config, root, NULL, "p2v.port=7"), 0);
	config_clear(&config);
	/* A file that cannot be read may contain p2v.shell=no, so there is no shell. */
	tree_put(root, "parameters", "p2v.shell=no\nhidden\n");
	assert_int_equal(read_config(&config, root, NULL, "p2v.fail=true"), -EINVAL);
	assert_non_null(strstr(said, "line 2 does not begin with p2v."));
	assert_null(strstr(said, "hidden"));
	assert_false(config.shell);
	assert_string_equal(config.fail, "true");
	config_clear(&config);
	assert_int_equal(read_config(&config, root, NULL, "p2v.shell"), -EINVAL);
	assert_true(config.shell);
	config_clear(&config);
	tree_remove(root);
}

/* @file: the words of p2v.config's file; NULL: it was not read. */
static void expect_shell(bool expected, const char *root, const char *file, const char *cmdline)
{
	struct config config;

	read_config(&config, root, file, cmdline);
	if (config.shell != expected)
		fail_msg("%s shell for '%s', file '%s'", expected ? "no" : "a", cmdline,
			 file ? file : "not read");
	config_clear(&config);
	secret_forget_all();
}

/* What might have forbidden the shell forbids it: a file that was not read, a slip in a word. */
static void test_shell(void **state)
{
	char *root = tree_new();

	(void)state;
	tree_put(root, "parameters", "p2v.shell=yes\n");
	expect_shell(true, root, NULL, "");
	expect_shell(false, root, NULL, "p2v.config=https://x/y");
	expect_shell(false, root, NULL, "p2v.config=https://x/y p2v.port=0");
	expect_shell(false, root, NULL, "p2v.config=no-url");
	expect_shell(false, root, NULL, "p2v.confg=https://x/y");
	expect_shell(true, root, NULL, "p2v.config=https://x/y p2v.shell");
	expect_shell(true, root, NULL, "p2v.shell=on p2v.config=https://x/y");
	expect_shell(false, root, NULL, "p2v.shell=off p2v.config=https://x/y");
	expect_shell(true, root, "p2v.name=x", "p2v.config=https://x/y");
	expect_shell(false, root, "p2v.shell=no", "p2v.config=https://x/y");
	expect_shell(true, root, "p2v.shell=no", "p2v.config=https://x/y p2v.shell");
	expect_shell(false, root, "p2v.shel=no", "");
	expect_shell(true, root, "p2v.shel=no", "p2v.shell=yes");
	expect_shell(false, root, NULL, "p2v.shell=nein");
	expect_shell(false, root, NULL, "p2v.shell=");
	expect_shell(false, root, NULL, "p2v.shell=yes p2v.shel=no");
	expect_shell(false, root, NULL, "p2v.password=\"x p2v.shell=no");
	expect_shell(false, root, NULL, "p2v.password=\"x p2v.config=https://x/y");
	expect_shell(true, root, NULL, "p2v.password=\"x y");
	expect_shell(false, root, NULL, "p2v.shell =no");
	expect_shell(false, root, NULL, "p2v.shell = no");
	expect_shell(false, root, NULL, "p2v.cfg=https://x/y");
	expect_shell(false, root, NULL, "p2v.config:https://x/y");
	expect_shell(false, root, NULL, "p2v.root_shell=no");
	expect_shell(false, root, NULL, "\"p2v.name=a p2v.shell=no\"");
	expect_shell(false, root, NULL, "p2v.name=a,p2v.shell=no");
	expect_shell(false, root, "p2v.name=a;p2v.shell=no", "");
	expect_shell(true, root, NULL, "\"p2v.name=a p2v.shell=no\" p2v.shell");
	expect_shell(true, root, NULL, "p2v.name=a.shell other.shell=no p2v.sudo");
	/* The image's own file may name the other one. */
	tree_put(root, "parameters", "p2v.shell=yes\np2v.config=https://x/y\n");
	expect_shell(false, root, NULL, "");
	expect_shell(true, root, "p2v.name=x", "");
	expect_shell(true, root, NULL, "p2v.shell");
	tree_remove(root);
}

static void expect_checked(const char *root, const char *text, int result, const char *printed)
{
	AUTO_FREE char *path = text_format("%s/list", root);
	AUTO_FREE char *output = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&output, &length);

	*said = '\0';
	log_set_sink(hear, NULL);
	tree_put(root, "list", text);
	assert_int_equal(defaults_check(path, stream), result);
	fclose(stream);
	assert_string_equal(output, printed);
	secret_forget_all();
}

static void test_check(void **state)
{
	char *root = tree_new();

	(void)state;
	expect_checked(root, "p2v.password=\"a b\"\np2v.server=x\n", 0,
		       "remote.server x\nauth.password ***\n");
	expect_checked(root, "p2v.sevrer=x\n", -EINVAL, "");
	assert_non_null(strstr(said, "did you mean 'p2v.server'"));
	expect_checked(root, "p2v.port=0\n", -EINVAL, "remote.port 22\n");
	expect_checked(root, "<html>", -EINVAL, "");
	expect_checked(root, "# nothing\n", 0, "");
	tree_remove(root);
	assert_int_equal(defaults_check("/nonexistent/list", stdout), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),   cmocka_unit_test(test_name_for_output),
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_files),
		cmocka_unit_test(test_wrong),   cmocka_unit_test(test_check),
		cmocka_unit_test(test_shell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
