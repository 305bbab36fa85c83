// SPDX-License-Identifier: GPL-2.0-or-later
/* disk_trouble.c: files that stand for disks, and what happens to them. One that does not
 * answer is in test-stuck-disk. */
#include "disks/disk_trouble.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "loop.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct stage {
	sd_event *event;
	char *root;
	struct disk disk[3];
	bool told;
	char *trouble;
};

static int build(void **state)
{
	struct stage *stage = memory_zero(1, sizeof(*stage));

	stage->event = loop_new();
	stage->root = tree_new();
	for (size_t i = 0; i < 3; i++) {
		AUTO_FREE char *name = text_format("disk%zu", i);

		tree_put(stage->root, name, "0123456789");
		stage->disk[i] = (struct disk){ .path = tree_path(stage->root, name), .size = 10 };
	}
	*state = stage;
	return 0;
}

static int destroy(void **state)
{
	struct stage *stage = *state;

	for (size_t i = 0; i < 3; i++)
		free(stage->disk[i].path);
	sd_event_unref(stage->event);
	tree_remove(stage->root);
	free(stage);
	return 0;
}

static void on_done(void *user, const char *trouble)
{
	struct stage *stage = user;

	assert_false(stage->told);
	stage->told = true;
	stage->trouble = text_copy(trouble);
}

/* @expected: a part of the sentence, NULL for none. */
static void assert_tells(struct stage *stage, size_t count, const char *expected)
{
	struct disk_trouble *trouble = disk_trouble_start(stage->event, stage->disk, count, on_done,
							  stage);

	assert_false(stage->told);
	assert_true(loop_until(stage->event, &stage->told));
	loop_idle(stage->event);
	if (!expected != !stage->trouble || (expected && !strstr(stage->trouble, expected)))
		fail_msg("'%s' is told", stage->trouble ? stage->trouble : "nothing");
	disk_trouble_free(trouble);
	free(stage->trouble);
	stage->told = false;
}

static void tells_nothing_of_good_disks(void **state)
{
	assert_tells(*state, 0, NULL);
	assert_tells(*state, 1, NULL);
	assert_tells(*state, 3, NULL);
}

static void tells_what_has_happened(void **state)
{
	struct stage *stage = *state;

	assert_int_equal(truncate(stage->disk[2].path, 7), 0);
	assert_tells(stage, 2, NULL);
	assert_tells(stage, 3,
		     "disk2' has 7 bytes now, at the start it had 10: it was pulled or changed");
	unlink(stage->disk[2].path);
	assert_tells(stage, 3, "disk2' is gone: No such file or directory");
	stage->disk[1].size = 11;
	assert_tells(stage, 2, "disk1' has 10 bytes now, at the start it had 11");
}

static void can_be_dropped(void **state)
{
	struct stage *stage = *state;
	struct disk_trouble *trouble = disk_trouble_start(stage->event, stage->disk, 3, on_done,
							  stage);

	disk_trouble_free(trouble);
	disk_trouble_free(NULL);
	loop_idle(stage->event);
	assert_false(stage->told);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(tells_nothing_of_good_disks),
		STAGED(tells_what_has_happened),
		STAGED(can_be_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
