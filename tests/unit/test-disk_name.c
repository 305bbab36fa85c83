// SPDX-License-Identifier: GPL-2.0-or-later
/* disk_name.c: order, kind and bus by a disk's kernel name. */
#include "disk_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void orders_as_people_count(void **state)
{
	static const char *const ordered[] = {
		"cciss!c0d0", "cciss!c0d2", "cciss!c0d10", "dasda", "dasdb", "dasdaa", "hda", "hdb",
		"mmcblk0", "mmcblk1", "nvme0n1", "nvme0n2", "nvme2n1", "nvme10n1",
		"sda", "sdb", "sdz", "sdaa", "sdab", "sdba", "sdzz", "sdaaa", "vda", "xvda", "xvdba",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ordered); i++)
		for (size_t j = 0; j < COUNT(ordered); j++) {
			int order = disk_name_compare(ordered[i], ordered[j]);

			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
}

static void knows_what_is_never_fixed(void **state)
{
	static const char *const fixed[] = {
		"sda", "sdaa", "hda", "vdb", "xvda", "nvme0n1", "mmcblk0", "cciss!c0d0", "pmem0", "ubda", "dasda",
		"rssda", "newdriver0", "sdram",
	};
	static const char *const others[] = {
		"loop0", "ram0", "zram0", "fd0", "sr0", "scd0", "dm-0", "md127", "nbd0", "mtdblock0",
		"mmcblk0boot0", "mmcblk0boot1", "mmcblk0rpmb", "zd0", "bcache0", "drbd0", "rbd0",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(fixed); i++)
		assert_true(disk_name_may_be_fixed(fixed[i]));
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(disk_name_may_be_fixed(others[i]));
}

static void knows_drives(void **state)
{
	static const char *const slots[] = {"sr0", "sr12", "hda", "sdb", "vdaa", "xvdc", "fda"};
	static const char *const others[] = {"", "sr", "sr0x", "fd0", "sda1", "cdrom", "nvme0n1", "SR0", "sd", "hd a"};

	(void)state;
	for (size_t i = 0; i < COUNT(slots); i++)
		assert_true(disk_name_is_slot(slots[i]));
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(disk_name_is_slot(others[i]));
	assert_true(disk_name_is_optical("sr3"));
	assert_false(disk_name_is_optical("sda"));
}

static void chooses_the_bus(void **state)
{
	static const struct {
		const char *name, *link, *bus;
	} cases[] = {
		{"hda", NULL, "ide"},
		{"sda", "../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda", "sata"},
		{"sda", "../devices/pci0000:00/0000:03:00.0/host0/target0:2:0/0:2:0:0/block/sda", "scsi"},
		{"sda", "../devices/pci0000:00/atapi/block/sda", "scsi"},
		{"sda", NULL, "scsi"},
		{"vda", NULL, "virtio"},
		{"xvda", NULL, "virtio"},
		{"nvme0n1", NULL, "virtio"},
		{"mmcblk0", NULL, "virtio"},
		{"cciss!c0d0", NULL, "virtio"},
		{"", NULL, "virtio"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(disk_name_bus(cases[i].name, cases[i].link), cases[i].bus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_as_people_count),
		cmocka_unit_test(knows_what_is_never_fixed),
		cmocka_unit_test(knows_drives),
		cmocka_unit_test(chooses_the_bus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
