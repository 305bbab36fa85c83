// SPDX-License-Identifier: GPL-2.0-or-later
/* Many command lines, judged at once: which line has what said of it, and no secret is. */
#include "config/cmdline_list.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmdline/cmdline.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOWHERE "/nonexistent"

/* What is printed of @list; the caller frees. */
static char *judged(const char *list, size_t length, const char *directory, int expected)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	assert_int_equal(cmdline_list_judge(list, length, directory, stream), expected);
	fclose(stream);
	return text;
}

static void expect(const char *list, int code, const char *expected)
{
	AUTO_FREE char *text = judged(list, strlen(list), NOWHERE, code);

	assert_string_equal(text, expected);
}

static void test_numbers(void **state)
{
	(void)state;
	expect("", 0, "0 end\n");
	expect("\n", 0, "1 end\n");
	expect("p2v.server=x\n\nquiet", 0, "3 end\n");
	expect("p2v.server=x\np2v.port=0\n", -EINVAL,
	       "2 error 'p2v.port' cannot be '0': give a number from 1 to 65535\n2 end\n");
	/* The one that is wrong is not the last. */
	expect("p2v.port=x p2v.name=a/b\np2v.server=x\n", -EINVAL,
	       "1 error 'p2v.port' cannot be 'x': give a number from 1 to 65535\n"
	       "1 error 'p2v.name' is wrong: 'a/b' holds a slash, a backslash, a quote or a dollar sign, which cannot be part of a guest's file names\n"
	       "2 end\n");
	expect("p2v.streams=9 p2v.store=yes", -EINVAL,
	       "1 error 'p2v.streams' is wrong: '9' is no number of tunnels: give auto, or how many a disk shall have, 1 to 8\n"
	       "1 error 'p2v.store' is wrong: 'yes' is no absolute path: give auto, no, or a directory of the conversion server as an absolute path\n"
	       "1 end\n");
	expect("\np2v.sevrer=x", 0,
	       "2 warning 'p2v.sevrer' is no parameter: did you mean 'p2v.server'?\n2 end\n");
}

static void test_secrets(void **state)
{
	(void)state;
	expect("p2v.password=hushhush\np2v.os=/hushhush p2v.server=x\n"
	       "p2v.key=all:hushhush p2v.identity=https://a:hushhush@b/c\n",
	       0,
	       "1 secret p2v.auth.password\n"
	       "3 secret p2v.auth.identity.url\n3 secret p2v.key\n3 end\n");
	/* Nor is a secret in a value that is wrong. */
	expect("p2v.password=\"hush\thush\" p2v.identity=x://a:hushhush@b\n", -EINVAL,
	       "1 error 'p2v.password' is wrong: it holds a line break or another control character\n"
	       "1 error 'p2v.identity' is wrong: give a URL: https://, http://, ftp://, tftp:// with a host, or file:///PATH\n"
	       "1 end\n");
}

static void test_length(void **state)
{
	const size_t length = CMDLINE_MOST + 1;
	char *list = memory_zero(length + 2, 1);

	(void)state;
	memset(list, 'x', length);
	list[length] = '\n';
	AUTO_FREE char *text = judged(list, length + 1, NOWHERE, -EINVAL);
	assert_non_null(strstr(text, "1 error the command line is longer than 65536 bytes"));
	AUTO_FREE char *good = judged(list, length - 1, NOWHERE, 0);
	assert_string_equal(good, "1 end\n");
	/* A NUL ends the line, as where one line is read. */
	memcpy(list, "p2v.port=1\0p2v.port=0", 21);
	AUTO_FREE char *cut = judged(list, 21, NOWHERE, 0);
	assert_string_equal(cut, "1 end\n");
	free(list);
}

static void test_image(void **state)
{
	char *root = tree_new();

	(void)state;
	tree_put(root, "parameters", "p2v.password=hushhush\n");
	AUTO_FREE char *text = judged("a\nb\n", 4, root, 0);
	assert_string_equal(text,
			    "1 secret p2v.auth.password\n2 secret p2v.auth.password\n2 end\n");
	tree_remove(root);
}

static void test_read(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "p2v.port=1\np2v.port=2", 21), 21);
	close(ends[1]);
	assert_int_equal(cmdline_list_read(ends[0], NOWHERE, stream), 0);
	close(ends[0]);
	assert_int_equal(cmdline_list_read(ends[0], NOWHERE, stream), -EBADF);
	fclose(stream);
	assert_string_equal(text, "2 end\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_length),  cmocka_unit_test(test_image),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
