// SPDX-License-Identifier: GPL-2.0-or-later
/* sysfs.c: attributes as text, numbers, links and lists. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static int build(void **state)
{
	*state = tree_new();
	return 0;
}

static int destroy(void **state)
{
	tree_remove(*state);
	return 0;
}

static void assert_text(const char *root, const char *content, const char *text, const char *line)
{
	AUTO_FREE char *whole = NULL, *first = NULL;

	tree_put(root, "a/b", content);
	whole = sysfs_text(root, "%s/b", "a");
	first = sysfs_line(root, "a/%c", 'b');
	if (!text) {
		assert_null(whole);
		assert_null(first);
		return;
	}
	assert_string_equal(whole, text);
	assert_string_equal(first, line);
}

static void reads_text(void **state)
{
	assert_text(*state, " a model \t\n", "a model", "a model");
	assert_text(*state, "one\ntwo\n", "one\ntwo", "one");
	assert_text(*state, "\n\n x \n", "x", "x");
	assert_text(*state, "m\xc3\xbcller\a", "m??ller?", "m??ller?");
	assert_text(*state, "\n \t", NULL, NULL);
	assert_text(*state, "", NULL, NULL);
	assert_null(sysfs_text(*state, "no/such"));
	assert_null(sysfs_text(*state, "a"));
}

static void reads_no_more_than_64_kib(void **state)
{
	static char much[100000];
	AUTO_FREE char *text = NULL;

	memset(much, 'x', sizeof(much));
	tree_put_bytes(*state, "much", much, sizeof(much));
	text = sysfs_text(*state, "much");
	assert_int_equal(strlen(text), 65536);
}

static void reads_numbers(void **state)
{
	static const struct {
		const char *content;
		uint64_t number;
	} cases[] = {
		{ "0\n", 0 },
		{ " 42 \n", 42 },
		{ "18446744073709551615", UINT64_MAX },
		{ "7\nmore", 7 },
		{ "", 5 },
		{ "-1", 5 },
		{ "+1", 5 },
		{ "1x", 5 },
		{ "0x10", 5 },
		{ "18446744073709551616", 5 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		tree_put(*state, "number", cases[i].content);
		assert_true(sysfs_number(*state, 5, "number") == cases[i].number);
	}
	assert_true(sysfs_number(*state, 5, "missing") == 5);
}

static void reads_links_and_lists(void **state)
{
	AUTO_LIST char **names = NULL;
	AUTO_FREE char *target = NULL;

	tree_link(*state, "d/cpu10", "../elsewhere");
	tree_put(*state, "d/cpu2", "");
	tree_put(*state, "d/.hidden", "");
	target = sysfs_link(*state, "d/cpu10");
	assert_string_equal(target, "../elsewhere");
	assert_null(sysfs_link(*state, "d/cpu2"));
	names = sysfs_list(*state, "d");
	assert_int_equal(list_length(names), 2);
	assert_string_equal(names[0], "cpu2");
	assert_string_equal(names[1], "cpu10");
	assert_null(sysfs_list(*state, "missing"));
	assert_true(sysfs_exists(*state, "d/cpu2"));
	assert_false(sysfs_exists(*state, "d/cpu3"));
}

static void does_not_wait_for_a_fifo(void **state)
{
	AUTO_FREE char *path = text_format("%s/fifo", (char *)*state);

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_null(sysfs_text(*state, "fifo"));
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(reads_text),
		ON_TREE(reads_no_more_than_64_kib),
		ON_TREE(reads_numbers),
		ON_TREE(reads_links_and_lists),
		ON_TREE(does_not_wait_for_a_fifo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
