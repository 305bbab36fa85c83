// SPDX-License-Identifier: GPL-2.0-or-later
/* The keyboard layouts that a system has. */
#include "base/cleanup.h"
#include "base/list.h"
#include "dialog/keyboard.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void layouts_are(const char *root, const char *expected)
{
	AUTO_LIST char **layouts = keyboard_layouts(root);
	AUTO_FREE char *joined = layouts ? list_join(layouts, " ") : NULL;

	if (expected)
		assert_string_equal(joined, expected);
	else
		assert_null(joined);
}

static void test_layouts(void **state)
{
	char *root = tree_new();

	(void)state;
	layouts_are(root, NULL);
	/* As Debian has them: parts of layouts, and those of other computers are none. */
	tree_put(root, "usr/share/keymaps/i386/qwertz/de-latin1.kmap", "");
	tree_put(root, "usr/share/keymaps/i386/qwerty/us-intl.iso15.kmap", "");
	tree_put(root, "usr/share/keymaps/i386/qwerty/us.kmap.gz", "");
	tree_put(root, "usr/share/keymaps/i386/include/qwerty-layout.inc", "");
	tree_put(root, "usr/share/keymaps/i386/include/part.kmap", "");
	tree_put(root, "usr/share/keymaps/mac/mac-us.kmap.gz", "");
	tree_put(root, "usr/share/keymaps/README", "");
	layouts_are(root, "de-latin1 us us-intl.iso15");
	/* Fedora has another directory, another suffix and one more level; a name in both once. */
	tree_put(root, "usr/lib/kbd/keymaps/legacy/i386/azerty/fr.map.gz", "");
	tree_put(root, "usr/lib/kbd/keymaps/xkb/us.map.gz", "");
	tree_put(root, "usr/lib/kbd/keymaps/xkb/cz.map", "");
	tree_put(root, "usr/lib/kbd/keymaps/xkb/cz.mapping", "");
	layouts_are(root, "cz de-latin1 fr us us-intl.iso15");
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_layouts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
