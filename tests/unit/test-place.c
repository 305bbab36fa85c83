// SPDX-License-Identifier: GPL-2.0-or-later
/* place.c: the order of places. For whole machines see test-fixtures. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "machine/place.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define PCI "../devices/pci0000:00/"

static int compare(const char *root, const char *left, const char *right)
{
	AUTO_LIST char **a = place_read(root, left), **b = place_read(root, right);
	int order = place_compare(a, b);

	assert_true((order > 0) == (place_compare(b, a) < 0));
	assert_int_equal(place_compare(a, a), 0);
	return order;
}

/* Each place comes before the next. */
static void orders_steps(void **state)
{
	static const char *const links[] = {
		"../devices/LNXSYSTM:00/LNXSYBUS:00/VMBUS:00/00000000-0000-8899-0000-000000000000/host2/target2:0:0/2:0:0:0/block/sdb",
		PCI "0000:00:03.0/host0/target0:2:9/0:2:9:0/block/sdz",
		PCI "0000:00:03.0/host0/target0:2:10/0:2:10:0/block/sda",
		PCI "0000:00:03.0/host0/target0:2:10/0:2:10:9/block/sdb",
		PCI "0000:00:03.0/host0/target0:2:10/0:2:10:10/block/sdc",
		PCI "0000:00:09.0/virtio9/block/vdb",
		PCI "0000:00:0a.0/virtio1/block/vda",
		PCI "0000:00:1c.4/0000:ff:00.0/nvme/nvme1/nvme1n1",
		PCI "0000:00:1d.0/0000:01:00.0/nvme/nvme0/nvme0n1",
		PCI "0000:00:1f.2/ata9/host8/target8:0:0/8:0:0:0/block/sdd",
		PCI "0000:00:1f.2/ata10/host9/target9:0:0/9:0:0:0/block/sde",
		"../devices/pci0000:5d/0000:5d:00.0/virtio0/block/vdc",
		"../devices/pci0000:ae/0000:ae:00.0/virtio2/block/vdd",
		"../devices/platform/80860F14:00/mmc_host/mmc0/mmc0:0001/block/mmcblk0",
		"../devices/vbd-51712/block/xvda",
		"../devices/vbd-51728/block/xvdb",
		"../devices/LNXSYSTM:00/ACPI0012:00/ndbus0/region0/namespace0.0/block/pmem0",
		PCI "0000:00:14.0/usb1/1-2/1-2:1.0/host4/target4:0:0/4:0:0:0/block/sdf",
		PCI "0000:00:14.0/usb1/1-10/1-10:1.0/host3/target3:0:0/3:0:0:0/block/sdg",
	};
	const size_t count = COUNT(links);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			if (compare("/nowhere", links[i], links[j]) >= 0)
				fail_msg("%s is not before %s", links[i], links[j]);
}

static void knows_ports_by_their_addresses(void **state)
{
	static const char first[] = PCI
		"0000:00:03.0/host1/rport-1:0-1/target1:0:1/1:0:1:0/block/sda";
	static const char second[] = PCI
		"0000:00:03.0/host1/rport-1:0-0/target1:0:0/1:0:0:0/block/sdb";
	char *root = tree_new();

	(void)state;
	assert_true(compare(root, first, second) > 0);
	tree_put(root, "sys/class/fc_remote_ports/rport-1:0-1/port_name", "0x50060160bea03a10\n");
	tree_put(root, "sys/class/fc_remote_ports/rport-1:0-0/port_name", "0x50060168bea03a10\n");
	assert_true(compare(root, first, second) < 0);
	tree_remove(root);
}

/* Some controllers know bays; others give all disks bay number 0. */
static void knows_sas_disks_by_bay_and_phy(void **state)
{
	static const char first[] = PCI
		"0000:00:03.0/host1/port-1:1/end_device-1:1/target1:0:1/1:0:1:0/block/sda";
	static const char second[] = PCI
		"0000:00:03.0/host1/port-1:0/end_device-1:0/target1:0:0/1:0:0:0/block/sdb";
	char *root = tree_new();

	(void)state;
	assert_true(compare(root, first, second) > 0);
	tree_put(root, "sys/class/sas_device/end_device-1:1/phy_identifier", "3\n");
	tree_put(root, "sys/class/sas_device/end_device-1:0/phy_identifier", "12\n");
	tree_put(root, "sys/class/sas_device/end_device-1:1/bay_identifier", "0\n");
	tree_put(root, "sys/class/sas_device/end_device-1:0/bay_identifier", "0\n");
	assert_true(compare(root, first, second) < 0);
	tree_put(root, "sys/class/sas_device/end_device-1:1/bay_identifier", "1\n");
	assert_true(compare(root, first, second) > 0);
	tree_remove(root);
}

static void bears_what_hangs_nowhere(void **state)
{
	(void)state;
	assert_null(place_read("", NULL));
	assert_null(place_read("", ""));
	assert_null(place_read("", "../devices/"));
	assert_null(place_read("", "../devices//////block/sda"));
	assert_int_equal(place_compare(NULL, NULL), 0);
	assert_int_equal(compare("", NULL, "nonsense"), 0);
	assert_true(compare("", NULL, "../devices/x/block/sda") < 0);
	assert_true(compare("", "../devices/x/block/sda", "../devices/x/y/block/sda") < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_steps),
		cmocka_unit_test(knows_ports_by_their_addresses),
		cmocka_unit_test(knows_sas_disks_by_bay_and_phy),
		cmocka_unit_test(bears_what_hangs_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
