// SPDX-License-Identifier: GPL-2.0-or-later
/* disk_use.c: what a running system does with its disks, on trees; real ones: test-disk-in-use */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "find.h"
#include "fixtures.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define LIST(...) ((char *[]){ __VA_ARGS__, NULL })

/* Two SATA disks, the first with two partitions, and a loop device. */
static int build(void **state)
{
	char *root = tree_new();

	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	tree_disk(root, "sdb", AHCI("2"), GIB_SECTORS);
	tree_disk(root, "loop0", "virtual", GIB_SECTORS);
	tree_put(root, "sys/block/sda/dev", "8:0\n");
	tree_put(root, "sys/block/sda/sda1/partition", "1\n");
	tree_put(root, "sys/block/sda/sda1/dev", "8:1\n");
	tree_put(root, "sys/block/sda/sda2/partition", "2\n");
	tree_put(root, "sys/block/sda/sda2/dev", "8:2\n");
	tree_put(root, "sys/block/sdb/dev", "8:16\n");
	tree_put(root, "sys/block/loop0/dev", "7:0\n");
	tree_put(root, "proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n");
	*state = root;
	return 0;
}

static int destroy(void **state)
{
	tree_remove(*state);
	return 0;
}

/* @expected: what is said of the use; NULL where nothing is refused. */
static void assert_uses(const char *root, char *const *wanted, const char *expected)
{
	struct disks_wishes wishes = { root, wanted, NULL, true };
	AUTO_FREE char *reason = NULL, *other = NULL;
	struct disks disks;
	int r = find_disks(&wishes, &disks, &reason);

	if (expected && (r != -EBUSY || !strstr(reason, expected) ||
			 !strstr(reason, "start the machine from p2vd's image")))
		fail_msg("%s: not '%s'", reason ? reason : "no refusal", expected);
	if (!expected && r < 0)
		fail_msg("%s", reason);
	disks_clear(&disks);
	/* In the image, and for --inventory, nobody asks. */
	wishes.live = false;
	assert_int_equal(find_disks(&wishes, &disks, &other), 0);
	disks_clear(&disks);
}

#define MOUNT(number, place, source)            \
	"22 1 0:21 / /proc rw - proc proc rw\n" \
	"25 1 " number " / " place " rw,relatime shared:1 - ext4 " source " rw\n"

static void knows_mounts(void **state)
{
	const char *root = *state;

	assert_uses(root, NULL, NULL);
	tree_put(root, "proc/self/mountinfo", MOUNT("8:1", "/boot\\040dir", "/dev/sda1"));
	assert_uses(root, NULL,
		    "disk '/dev/sda' is in use ('sda1' is mounted on '/boot dir'): it would change");
	assert_uses(root, LIST("sda"), "'sda1' is mounted on '/boot dir'");
	assert_uses(root, LIST("sdb"), NULL);
	tree_put(root, "proc/self/mountinfo", MOUNT("8:16", "/data", "/dev/disk/by-label/x"));
	assert_uses(root, LIST("sda"), NULL);
	assert_uses(root, LIST("sda", "sdb"),
		    "disk '/dev/sdb' is in use ('sdb' is mounted on '/data')");
	/* btrfs has a number of its own. */
	tree_put(root, "proc/self/mountinfo", MOUNT("0:33", "/", "/dev/sda2"));
	assert_uses(root, LIST("sda"), "'sda2' is mounted on '/'");
	tree_put(root, "dev/sda2", "");
	tree_link(root, "dev/disk/by-label/root", "../../sda2");
	tree_put(root, "proc/self/mountinfo", MOUNT("0:33", "/", "/dev/disk/by-label/root"));
	assert_uses(root, LIST("sda"), "'sda2' is mounted on '/'");
	tree_put(root, "proc/self/mountinfo", "nonsense\n\n 8:1 - \n1 2 8:1\n");
	assert_uses(root, NULL, NULL);
}

static void knows_swap(void **state)
{
	const char *root = *state;

	tree_put(root, "proc/swaps",
		 "Filename\tType\tSize\tUsed\tPriority\n/dev/sda2                partition\t1\t0\t-2\n");
	assert_uses(root, NULL, "disk '/dev/sda' is in use ('sda2' is used as swap)");
	assert_uses(root, LIST("sdb"), NULL);
}

static void knows_holders(void **state)
{
	const char *root = *state;

	tree_disk(root, "dm-0", "virtual", GIB_SECTORS);
	tree_put(root, "sys/block/dm-0/dm/name", "vg0-root\n");
	tree_link(root, "sys/block/dm-0/slaves/sda2", "../../../../pci0000:00");
	assert_uses(root, NULL, "disk '/dev/sda' is in use ('sda2' is held by 'vg0-root')");
	tree_disk(root, "md0", "virtual", GIB_SECTORS);
	tree_link(root, "sys/block/md0/slaves/sdb", "../../../../pci0000:00");
	assert_uses(root, NULL,
		    "('sda2' is held by 'vg0-root'), disk '/dev/sdb' is in use ('sdb' is held by 'md0')");
}

static void knows_the_use_of_files(void **state)
{
	const char *root = *state;
	AUTO_FREE char *file = text_format("%s/srv/a disk.img", root);
	AUTO_FREE char *link = text_format("%s/link.img", root);

	tree_put(root, "srv/a disk.img", "0123456789");
	tree_link(root, "link.img", "srv/a disk.img");
	tree_put(root, "sys/block/loop0/loop/backing_file", "/srv/a disk.img\n");
	assert_uses(root, LIST(file), NULL);
	assert_uses(root, LIST(link), NULL);
	tree_put(root, "proc/self/mountinfo", MOUNT("7:0", "/mnt", "/dev/loop0"));
	assert_uses(root, LIST(file), "a disk.img' is in use ('loop0' is mounted on '/mnt')");
	assert_uses(root, LIST(link), "link.img' is in use ('loop0' is mounted on '/mnt')");
	tree_put(root, "proc/self/mountinfo", "");
	tree_put(root, "proc/swaps", "Filename\n/srv/a\\040disk.img file\t1\t0\t-2\n");
	assert_uses(root, LIST(link), "link.img' is used as swap");
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(knows_mounts),
		ON_TREE(knows_swap),
		ON_TREE(knows_holders),
		ON_TREE(knows_the_use_of_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
