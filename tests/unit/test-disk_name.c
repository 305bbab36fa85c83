// SPDX-License-Identifier: GPL-2.0-or-later
/* disk_name.c: order, kind and bus by a disk's kernel name. */
#include "base/memory.h"
#include "disks/disk_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void orders_as_people_count(void **state)
{
	static const char *const ordered[] = {
		"cciss!c0d0", "cciss!c0d2", "cciss!c0d10", "dasda",    "dasdb",
		"dasdaa",     "hda",        "hdb",         "mmcblk0",  "mmcblk1",
		"nvme0n1",    "nvme0n2",    "nvme2n1",     "nvme10n1", "sda",
		"sdb",        "sdz",        "sdaa",        "sdab",     "sdba",
		"sdzz",       "sdaaa",      "vda",         "xvda",     "xvdba",
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
		"sda",        "sdaa",  "hda",  "vdb",   "xvda",  "nvme0n1",    "mmcblk0",
		"cciss!c0d0", "pmem0", "ubda", "dasda", "rssda", "newdriver0", "sdram",
	};
	static const char *const others[] = {
		"loop0",       "ram0",  "zram0",   "fd0",       "sr0",          "scd0",
		"dm-0",        "md127", "nbd0",    "mtdblock0", "mmcblk0boot0", "mmcblk0boot1",
		"mmcblk0rpmb", "zd0",   "bcache0", "drbd0",     "rbd0",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(fixed); i++)
		assert_true(disk_name_may_be_fixed(fixed[i]));
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(disk_name_may_be_fixed(others[i]));
}

static void knows_drives(void **state)
{
	static const char *const slots[] = { "sr0", "sr12", "hda", "sdb", "vdaa", "xvdc", "fda" };
	static const char *const others[] = { "",      "sr",      "sr0x", "fd0", "sda1",
					      "cdrom", "nvme0n1", "SR0",  "sd",  "hd a" };

	(void)state;
	for (size_t i = 0; i < COUNT(slots); i++)
		assert_true(disk_name_is_slot(slots[i]));
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(disk_name_is_slot(others[i]));
	assert_true(disk_name_is_optical("sr3"));
	assert_false(disk_name_is_optical("sda"));
}

static void knows_how_a_disk_is_attached(void **state)
{
	static const struct {
		const char *name, *link, *transport;
	} cases[] = {
		{ "sda",
		  "../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda",
		  "sata" },
		{ "sda", "../devices/pci0000:00/0000:03:00.0/host0/target0:2:0/0:2:0:0/block/sda",
		  "scsi" },
		{ "sda", "../devices/pci0000:00/atapi/block/sda", "scsi" },
		{ "sda", "../devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/host7/block/sda",
		  "usb" },
		{ "sda",
		  "../devices/pci0000:00/0000:02:00.0/host0/port-0:0/end_device-0:0/target0:0:0/block/sda",
		  "sas" },
		{ "sda",
		  "../devices/pci0000:00/0000:05:00.0/host1/rport-1:0-0/target1:0:0/block/sda",
		  "fc" },
		{ "sda", "../devices/platform/host2/session1/target2:0:0/2:0:0:0/block/sda",
		  "iscsi" },
		{ "sda", "../devices/pci0000:00/0000:00:05.0/virtio2/host2/block/sda", "virtio" },
		{ "sda", NULL, NULL },
		{ "sr0", "../devices/pci0000:00/0000:00:1f.2/ata2/host1/block/sr0", "sata" },
		{ "nvme0n1", NULL, "nvme" },
		{ "vda", NULL, "virtio" },
		{ "xvda", NULL, "xen" },
		{ "pmem0", NULL, "nvdimm" },
		{ "cciss!c0d0", NULL, NULL },
		{ "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *transport = disk_name_transport(cases[i].name, cases[i].link);

		if (cases[i].transport ? !transport || strcmp(transport, cases[i].transport) != 0 :
					 transport != NULL)
			fail_msg("%s: %s", cases[i].link, transport);
	}
}

static void chooses_the_bus(void **state)
{
	static const struct {
		const char *name, *transport;
		size_t rank, position;
		const char *bus;
		bool renamed;
	} cases[] = {
		{ "hda", "ide", 0, 0, "ide", true },
		{ "sda", "sata", 0, 0, "sata", true },
		{ "sda", "ata", 0, 0, "ide", true },
		{ "sda", "scsi", 0, 0, "scsi", true },
		{ "sda", "nonsense", 0, 0, "scsi", true },
		{ "sda", NULL, 0, 0, "scsi", true },
		{ "sdb", "sata", 0, 0, "sata", true }, /* sda is the USB stick with p2vd */
		{ "sda", "sata", 0, 1, "virtio", false }, /* an NVMe drive comes first */
		{ "sdb", "sata", 1, 0, "virtio", false },
		{ "vda", "virtio", 0, 0, "virtio", true },
		{ "vdb", "virtio", 1, 0, "virtio", false },
		{ "xvda", "xen", 0, 0, "virtio", true },
		{ "nvme0n1", "nvme", 0, 0, "virtio", false },
		{ "mmcblk0", "emmc", 0, 0, "virtio", false },
		{ "cciss!c0d0", NULL, 0, 0, "virtio", false },
		{ "dasda", "ccw", 0, 0, "virtio", false },
		{ "", NULL, 0, 0, "virtio", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool renamed;

		assert_string_equal(disk_name_bus(cases[i].name, cases[i].transport, cases[i].rank,
						  cases[i].position, &renamed),
				    cases[i].bus);
		assert_int_equal(renamed, cases[i].renamed);
	}
}

static void names_scsi_disks(void **state)
{
	static const struct {
		size_t index;
		const char *name;
	} cases[] = {
		{ 0, "sda" },    { 25, "sdz" },    { 26, "sdaa" },
		{ 701, "sdzz" }, { 702, "sdaaa" }, { 18277, "sdzzz" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *name = disk_name_scsi(cases[i].index);

		assert_string_equal(name, cases[i].name);
		free(name);
	}
	free(disk_name_scsi(SIZE_MAX - 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_as_people_count),
		cmocka_unit_test(knows_what_is_never_fixed),
		cmocka_unit_test(knows_drives),
		cmocka_unit_test(knows_how_a_disk_is_attached),
		cmocka_unit_test(chooses_the_bus),
		cmocka_unit_test(names_scsi_disks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
