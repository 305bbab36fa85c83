// SPDX-License-Identifier: GPL-2.0-or-later
/* fleet/entries: what p2v-pxe's tree says of machines, and who may speak for them. */
#include "fleet/entries.h"

#include "base/cleanup.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MAC "52-54-00-12-34-01"

static void write_entry(const char *root, const char *name, const char *text)
{
	char *path = tree_path(root, name), *new = text_format("%s.new", path);
	FILE *file = fopen(new, "w");

	/* As p2v-pxe does: a new file takes the place of the old one. */
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(rename(new, path), 0);
	free(new);
	free(path);
}

static void remove_entry(const char *root, const char *name)
{
	char *path = tree_path(root, name);

	assert_int_equal(unlink(path), 0);
	free(path);
}

static struct entry read_one(const char *text)
{
	struct entry entry = { 0 };

	entry_read(&entry, text, strlen(text));
	return entry;
}

static void expect(const char *text, enum entry_state state, const char *token, unsigned failures,
		   unsigned tries)
{
	struct entry entry = read_one(text);

	assert_int_equal(entry.state, state);
	if (token)
		assert_string_equal(entry.token, token);
	else
		assert_null(entry.token);
	assert_int_equal(entry.failures, failures);
	assert_int_equal(entry.tries, tries);
	free(entry.name);
	free(entry.token);
}

static void test_text(void **state)
{
	(void)state;
	expect("# p2v-pxe: convert\nAPPEND a p2v.report_token=ab-1= b\n", ENTRY_CONVERT, "ab-1=", 0,
	       0);
	expect("#!ipxe\n# p2v-pxe: convert, failed 2\n# name: x\n# tries: 4\n p2v.report.token=\"x\" y",
	       ENTRY_CONVERT, "x", 2, 4);
	expect("# p2v-pxe: convert\nlinux 'p2v.report_token=y' 'z'\n", ENTRY_CONVERT, "y", 0, 0);
	expect("# p2v-pxe: done 2026-11-28T09:00:00Z\n", ENTRY_DONE, NULL, 0, 0);
	expect("# p2v-pxe: given up 2026-11-28T09:00:00Z\n# tries: 2\n", ENTRY_GIVEN_UP, NULL, 0,
	       2);
	expect("# p2v-pxe: given up 2026-11-28T09:00:00Z, failed 5 of 5\n", ENTRY_GIVEN_UP, NULL, 5,
	       5);
	expect("# p2v-pxe: local\n", ENTRY_LOCAL, NULL, 0, 0);
	expect("somebody's own\n", ENTRY_NONE, NULL, 0, 0);
	/* No token: another word, an empty one. */
	expect("# p2v-pxe: convert\n xp2v.report_token=a p2v.report_token= b", ENTRY_CONVERT, NULL,
	       0, 0);
	expect("", ENTRY_NONE, NULL, 0, 0);
}

static void test_token(void **state)
{
	(void)state;
	assert_true(entry_token_is("abc", "abc"));
	assert_false(entry_token_is("abc", "abd"));
	assert_false(entry_token_is("abc", "ab"));
	assert_false(entry_token_is("abc", "abcabc"));
	assert_false(entry_token_is("abc", ""));
	assert_false(entry_token_is("", ""));
}

static void test_mac(void **state)
{
	static const char *const right[] = { "52:54:00:12:34:01", "52-54-00-12-34-01",
					     "5254.0012.3401", "525400123401" };
	static const char *const wrong[] = { "",
					     "52:54:00:12:34",
					     "52:54:00:12:34:01:02",
					     "53:54:00:12:34:01",
					     "00:00:00:00:00:00",
					     "52:54:00:12:34:0g",
					     "../../etc/passwd" };
	char mac[ENTRY_MAC_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(right); i++) {
		assert_true(entry_mac(right[i], mac));
		assert_string_equal(mac, MAC);
	}
	assert_true(entry_mac("52:54:00:AB:CD:EF", mac));
	assert_string_equal(mac, "52-54-00-ab-cd-ef");
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_false(entry_mac(wrong[i], mac));
}

static void test_tree(void **state)
{
	char *root = tree_new();
	struct entries *entries = entries_new(root);
	const struct entry *entry;

	(void)state;
	entries_look(entries, true);
	assert_int_equal(entries_count(entries), 0);
	write_entry(root, "ipxe/" MAC ".ipxe",
		    "#!ipxe\n# p2v-pxe: convert\n# name: web\nx p2v.report_token=t1 y");
	write_entry(root, "grub/p2v/" MAC ".cfg", "# p2v-pxe: convert\n");
	write_entry(root, "pxelinux.cfg/default", "# p2v-pxe: local\n");
	write_entry(root, "pxelinux.cfg/01-02-00-00-00-00-01", "# p2v-pxe: convert\n");
	write_entry(root, "pxelinux.cfg/C0A80001", "# p2v-pxe: convert\n");
	write_entry(root, "ipxe/AA-BB-CC-00-11-22.ipxe", "# p2v-pxe: convert\n");
	entries_look(entries, true);
	assert_int_equal(entries_count(entries), 3);
	entry = entries_find(entries, MAC);
	assert_non_null(entry);
	assert_int_equal(entry->state, ENTRY_CONVERT);
	assert_string_equal(entry->name, "web");
	assert_string_equal(entry->token, "t1");
	assert_int_equal(entries_find(entries, ENTRY_DEFAULT)->state, ENTRY_LOCAL);
	assert_null(entries_find(entries, "02-00-00-00-00-02"));
	/* If one loader's entry says done, it is done. */
	write_entry(root, "grub/p2v/" MAC ".cfg", "# p2v-pxe: done 2026-11-28T09:00:00Z\n");
	entries_look(entries, true);
	assert_int_equal(entries_find(entries, MAC)->state, ENTRY_DONE);
	write_entry(root, "ipxe/02-00-00-00-00-03.ipxe",
		    "#!ipxe\n# p2v-pxe: given up 2026-11-28T09:00:00Z\n# tries: 2\n");
	entries_look(entries, true);
	assert_int_equal(entries_find(entries, "02-00-00-00-00-03")->failures, 2);
	remove_entry(root, "ipxe/02-00-00-00-00-03.ipxe");
	remove_entry(root, "grub/p2v/" MAC ".cfg");
	remove_entry(root, "ipxe/" MAC ".ipxe");
	entries_look(entries, true);
	assert_null(entries_find(entries, MAC));
	assert_int_equal(entries_count(entries), 2);
	entries_free(entries);
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_mac),
		cmocka_unit_test(test_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
