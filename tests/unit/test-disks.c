// SPDX-License-Identifier: GPL-2.0-or-later
/* disks.c: which disks a machine has, on trees of sysfs files. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "disks/disk_fixed.h"
#include "find.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define AHCI "pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0"
#define RAID "pci0000:00/0000:03:00.0/host6/target6:2:0/6:2:0:0"
#define USB "pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/host7/target7:0:0/7:0:0:0"

#define LIST(...) ((char *[]){ __VA_ARGS__, NULL })

/* A machine with one disk of every kind. */
static int build(void **state)
{
	char *root = tree_new();

	tree_disk(root, "sda", AHCI, "2048\n");
	tree_put(root, "sys/block/sda/device/model", "ST3500 Barracuda  \n");
	tree_put_bytes(root, "sys/block/sda/device/vpd_pg80", "\0\x80\0\x0a  Z1D2QF0B", 14);
	tree_put(root, "sys/block/sda/queue/logical_block_size", "512\n");
	tree_put(root, "sys/block/sda/queue/physical_block_size", "4096\n");
	tree_put(root, "sys/block/sda/removable", "0\n");
	tree_put(root, "sys/block/sda/sda1/partition", "1\n");
	tree_link(root, "sys/class/block/sda1", "../../block/sda/sda1");
	tree_disk(root, "sdb", RAID, "4096\n");
	tree_disk(root, "sdz", RAID, "8\n");
	tree_disk(root, "sdaa", RAID, "8\n");
	tree_disk(root, "sdc", USB, "8\n");
	tree_put(root, "sys/block/sdc/removable", "1\n");
	tree_disk(root, "sdd", USB, "0\n");
	tree_disk(root, "nvme0n1", "pci0000:00/0000:04:00.0/nvme/nvme0", "8\n");
	tree_put(root, "sys/block/nvme0n1/device/serial", "S4EV\n");
	tree_put(root, "sys/block/nvme0n1/queue/logical_block_size", "4096\n");
	tree_disk(root, "nvme10n1", "pci0000:00/0000:05:00.0/nvme/nvme10", "8\n");
	tree_disk(root, "nvme2n1", "virtual/nvme-subsystem/nvme-subsys2", "8\n");
	tree_disk(root, "nvme2c0n1", "pci0000:00/0000:06:00.0/nvme/nvme2", "8\n");
	tree_put(root, "sys/block/nvme2c0n1/hidden", "1\n");
	tree_disk(root, "cciss!c0d0", "pci0000:00/0000:07:00.0/cciss0", "8\n");
	tree_disk(root, "mmcblk0", "platform/mmc/mmc0:0001", "8\n");
	tree_disk(root, "mmcblk0boot0", "platform/mmc/mmc0:0001/mmcblk0", "8\n");
	tree_disk(root, "loop0", "virtual", "8\n");
	tree_disk(root, "zram0", "virtual", "8\n");
	tree_disk(root, "surprise", "virtual", "8\n");
	tree_disk(root, "fd0", "platform/floppy.0", "8\n");
	tree_disk(root, "sr1", AHCI, "2097151\n");
	tree_disk(root, "sr0", AHCI, "2097151\n");
	*state = root;
	return 0;
}

static int destroy(void **state)
{
	tree_remove(*state);
	return 0;
}

static char *names_of(const struct disks *disks)
{
	AUTO_LIST char **names = NULL;

	for (size_t i = 0; i < disks->count; i++)
		list_append(&names, text_copy(disks->disk[i].name));
	return list_join(names, " ");
}

static void assert_finds(const char *root, char *const *wanted, const char *expected)
{
	struct disks disks;
	AUTO_FREE char *reason = NULL, *names = NULL;
	int r = disks_find(root, wanted, NULL, &disks, &reason);

	if (r < 0)
		fail_msg("%s", reason);
	names = names_of(&disks);
	assert_string_equal(names, expected);
	disks_clear(&disks);
}

/* @word: a part of the reason. */
static void assert_refuses(const char *root, char *const *wanted, char *const *removable,
			   const char *word)
{
	struct disks disks;
	AUTO_FREE char *reason = NULL;

	assert_true(disks_find(root, wanted, removable, &disks, &reason) < 0);
	assert_non_null(reason);
	if (!strstr(reason, word))
		fail_msg("\"%s\" lacks \"%s\"", reason, word);
	assert_int_equal(disks.count, 0);
	disks_clear(&disks);
}

static void finds_fixed_disks_by_place(void **state)
{
	assert_finds(*state, NULL, "sda sdb sdz sdaa nvme0n1 nvme10n1 nvme2n1 cciss/c0d0 mmcblk0");
}

static void reads_attributes(void **state)
{
	struct disks disks;
	AUTO_FREE char *reason = NULL;

	assert_int_equal(disks_find(*state, LIST("sda", "nvme0n1", "cciss/c0d0"), NULL, &disks,
				    &reason),
			 0);
	assert_string_equal(disks.disk[0].path, "/dev/sda");
	assert_string_equal(disks.disk[0].model, "ST3500 Barracuda");
	assert_string_equal(disks.disk[0].serial, "Z1D2QF0B");
	assert_string_equal(disks.disk[0].bus, "sata");
	assert_string_equal(disks.disk[0].transport, "sata");
	assert_int_equal(disks.disk[0].size, 1 << 20);
	assert_int_equal(disks.disk[0].logical_block, 512);
	assert_int_equal(disks.disk[0].physical_block, 4096);
	assert_string_equal(disks.disk[1].serial, "S4EV");
	assert_int_equal(disks.disk[1].logical_block, 4096);
	assert_null(disks.disk[1].model);
	assert_string_equal(disks.disk[2].path, "/dev/cciss/c0d0");
	disks_clear(&disks);
}

static void keeps_the_users_order(void **state)
{
	assert_finds(*state, LIST("sdb", "/dev/sda", "/dev/cciss/c0d0", "nvme0n1"),
		     "sdb sda cciss/c0d0 nvme0n1");
}

static void takes_what_is_named(void **state)
{
	assert_finds(*state, LIST("sdc", "loop0"), "sdc loop0");
}

static void refuses_in_words(void **state)
{
	assert_refuses(*state, LIST("sdq"), NULL,
		       "'sdq' does not exist: this machine has sda, sdb, sdz, sdaa, nvme0n1,");
	assert_refuses(*state, LIST("/dev/sdq"), NULL, "'/dev/sdq' does not exist");
	assert_refuses(*state, LIST("/no/such/file"), NULL, "does not exist");
	assert_refuses(*state, LIST("disk.img"), NULL, "; a file is given by its absolute path");
	assert_refuses(*state, LIST("sda1"), NULL, "'sda1' is a partition");
	assert_refuses(*state, LIST("/dev/sda1"), NULL, "is a partition");
	assert_refuses(*state, LIST("sda", "sdb", "/dev/sda"), NULL, "'/dev/sda' is given twice");
	assert_refuses(*state, LIST("sr0"), NULL, "p2v.removable");
	assert_refuses(*state, NULL, LIST("sda"), "'sda' in p2v.removable is a fixed disk");
	assert_refuses(*state, LIST("sdd"), NULL, "no size");
	assert_refuses(*state, LIST("sda", ""), NULL, "empty name");
	assert_refuses(*state, (char *[]){ NULL }, NULL, "p2v.disks is empty");
	assert_refuses(*state, LIST("/"), NULL, "a directory");
	assert_refuses(*state, LIST("/dev/null"), NULL, "neither a disk nor a file");
	assert_refuses(*state, LIST("../../etc/passwd"), NULL, "does not exist");
	assert_refuses(*state, LIST("."), NULL, "does not exist");
}

static void finds_nothing_in_an_empty_machine(void **state)
{
	(void)state;
	char *root = tree_new();

	assert_refuses(root, NULL, NULL,
		       "no fixed disk found: the machine shows no storage controller on PCI");
	assert_refuses(root, LIST("sda"), NULL, "this machine has no fixed disk");
	tree_disk(root, "sdz", "usb1", "131072\n");
	tree_put(root, "sys/block/sdz/removable", "1\n");
	tree_put(root, "sys/block/loop0/size", "8\n");
	assert_refuses(root, NULL, NULL,
		       "; left out: sdz (its medium can be removed): name it in p2v.disks to convert it");
	tree_remove(root);
}

static void takes_files(void **state)
{
	char *root = *state;
	AUTO_FREE char *file = text_format("%s/disk one.img", root);
	AUTO_FREE char *other = text_format("%s/./disk one.img", root);
	AUTO_FREE char *empty = text_format("%s/empty.img", root);
	AUTO_FREE char *reason = NULL;
	struct disks disks;

	tree_put(root, "disk one.img", "0123456789");
	tree_put(root, "empty.img", "");
	assert_int_equal(disks_find(root, LIST(file, "sda"), NULL, &disks, &reason), 0);
	assert_string_equal(disks.disk[0].name, "disk one.img");
	assert_string_equal(disks.disk[0].target, "sdb"); /* sda is the other one */
	assert_string_equal(disks.disk[0].bus, "scsi");
	assert_null(disks.disk[1].target);
	assert_string_equal(disks.disk[0].path, file);
	assert_int_equal(disks.disk[0].size, 10);
	assert_int_equal(disks.disk[0].logical_block, 512);
	disks_clear(&disks);
	assert_refuses(root, LIST(file, other), NULL, "twice");
	assert_refuses(root, LIST(empty), NULL, "empty file");
}

/* virt-v2v takes them for the disks of the system in them. */
static void names_files_as_disks(void **state)
{
	char *root = *state;
	AUTO_LIST char **files = NULL;
	AUTO_FREE char *reason = NULL;
	struct disks disks;

	for (char letter = 'a'; letter <= 'c'; letter++) {
		AUTO_FREE char *name = text_format("%c/lvm.img", letter);

		tree_put(root, name, "0123456789");
		list_append(&files, text_format("%s/%s", root, name));
	}
	assert_int_equal(disks_find(root, files, NULL, &disks, &reason), 0);
	assert_string_equal(disks.disk[0].target, "sda");
	assert_string_equal(disks.disk[1].target, "sdb");
	assert_string_equal(disks.disk[2].target, "sdc");
	disks_clear(&disks);
	assert_int_equal(disks_find(root, LIST("sdb", files[0], files[1], "sdc"), NULL, &disks,
				    &reason),
			 0);
	assert_string_equal(disks.disk[1].target, "sdd");
	assert_string_equal(disks.disk[2].target, "sde");
	disks_clear(&disks);
}

static void put_medium(const char *root, const char *node, const char *label)
{
	static char image[32768 + 2048];

	memset(image, 0, sizeof(image));
	memcpy(image + 32768, "\1CD001\1", 7);
	memset(image + 32776, ' ', 64);
	memcpy(image + 32808, label, strlen(label));
	tree_put_bytes(root, node, image, sizeof(image));
}

static void leaves_the_boot_medium_out(void **state)
{
	char *root = *state;

	put_medium(root, "dev/sdb", P2VD_VOLUME_LABEL);
	put_medium(root, "dev/sdz", P2VD_VOLUME_LABEL "X");
	put_medium(root, "dev/cciss/c0d0", P2VD_VOLUME_LABEL);
	assert_finds(root, NULL, "sda sdz sdaa nvme0n1 nvme10n1 nvme2n1 mmcblk0");
	assert_refuses(root, LIST("sdb"), NULL, "the medium that this image is on");
}

static void finds_drives(void **state)
{
	struct disks disks;
	AUTO_FREE char *reason = NULL;

	assert_int_equal(disks_find(*state, LIST("sda"), NULL, &disks, &reason), 0);
	assert_int_equal(list_length(disks.removable), 2);
	assert_string_equal(disks.removable[0], "sr0");
	assert_string_equal(disks.removable[1], "sr1");
	disks_clear(&disks);
	assert_int_equal(disks_find(*state, LIST("sda"), LIST("hdc", "/dev/sr0"), &disks, &reason),
			 0);
	assert_int_equal(list_length(disks.removable), 2);
	assert_string_equal(disks.removable[0], "hdc");
	assert_string_equal(disks.removable[1], "sr0");
	/* One command line may be for many models. */
	assert_int_equal(list_length(disks.warnings), 1);
	assert_non_null(strstr(disks.warnings[0], "has no drive 'hdc', which p2v.removable names"));
	disks_clear(&disks);
	assert_int_equal(disks_find(*state, LIST("sda"), (char *[]){ NULL }, &disks, &reason), 0);
	assert_int_equal(list_length(disks.removable), 0);
	disks_clear(&disks);
	assert_refuses(*state, LIST("sda"), LIST("cdrom"), "no name of a removable drive");
	assert_refuses(*state, LIST("sda"), LIST("sr0", "sr0"), "twice");
}

static void sizes_do_not_wrap(void **state)
{
	tree_disk(*state, "sde", RAID, "18446744073709551615\n");
	tree_disk(*state, "sdf", RAID, "99999999999999999999999\n");
	tree_disk(*state, "sdg", RAID, "-8\n");
	assert_refuses(*state, LIST("sde"), NULL, "no size");
	assert_refuses(*state, LIST("sdf"), NULL, "no size");
	assert_refuses(*state, LIST("sdg"), NULL, "no size");
}

/* The machine that runs the test: each of its disks can be chosen by its name. */
static void reads_this_machine(void **state)
{
	(void)state;
	struct disks disks, again;
	AUTO_FREE char *reason = NULL;
	AUTO_FREE char *link = text_format("/tmp/p2vd-by-id-%d", (int)getpid());

	if (disks_find("", NULL, NULL, &disks, &reason) < 0)
		skip();
	print_message("this machine has %zu fixed disk(s), the first is %s, %llu bytes\n",
		      disks.count, disks.disk[0].path, (unsigned long long)disks.disk[0].size);
	if (symlink(disks.disk[0].path, link) == 0 && access(disks.disk[0].path, F_OK) == 0) {
		assert_int_equal(disks_find("", LIST(link), NULL, &again, &reason), 0);
		assert_string_equal(again.disk[0].path, disks.disk[0].path);
		assert_true(again.disk[0].size == disks.disk[0].size);
		disks_clear(&again);
	}
	unlink(link);
	disks_clear(&disks);
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(finds_fixed_disks_by_place),
		ON_TREE(reads_attributes),
		ON_TREE(keeps_the_users_order),
		ON_TREE(takes_what_is_named),
		ON_TREE(refuses_in_words),
		cmocka_unit_test(finds_nothing_in_an_empty_machine),
		ON_TREE(takes_files),
		ON_TREE(names_files_as_disks),
		ON_TREE(leaves_the_boot_medium_out),
		ON_TREE(finds_drives),
		ON_TREE(sizes_do_not_wrap),
		cmocka_unit_test(reads_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
