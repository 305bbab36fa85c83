// SPDX-License-Identifier: GPL-2.0-or-later
/* controllers.c: why no disk or no network card is found. */
#include "base/cleanup.h"
#include "base/text.h"
#include "machine/controllers.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static void put_device(const char *root, const char *place, const char *class, const char *device,
		       const char *driver)
{
	AUTO_FREE char *vendors = text_format("sys/bus/pci/devices/%s/vendor", place);
	AUTO_FREE char *devices = text_format("sys/bus/pci/devices/%s/device", place);
	AUTO_FREE char *classes = text_format("sys/bus/pci/devices/%s/class", place);
	AUTO_FREE char *link = text_format("sys/bus/pci/devices/%s/driver", place);

	tree_put(root, vendors, "0x1000\n");
	tree_put(root, devices, device);
	tree_put(root, classes, class);
	if (driver)
		tree_link(root, link, driver);
}

static void assert_judges(const char *root, enum controllers kind, const char *expected)
{
	AUTO_FREE char *text = controllers_judge(root, kind);

	assert_string_equal(text, expected);
}

static void tells_what_is_there(void **state)
{
	char *root = tree_new();

	(void)state;
	tree_put(root, "usr/share/misc/pci.ids", "1000  LSI\n\t0060  MegaRAID\n");
	put_device(root, "0000:00:01.0", "0x060000\n", "0x0001\n", NULL); /* a bridge */
	assert_judges(root, CONTROLLERS_STORAGE,
		      "the machine shows no storage controller on PCI: it may be switched off in the firmware's setup");
	assert_judges(root, CONTROLLERS_NETWORK,
		      "the machine shows no network controller on PCI: it may be switched off in the firmware's setup");

	put_device(root, "0000:00:1f.2", "0x010601\n", "0x0002\n",
		   "../../../../bus/pci/drivers/ahci");
	put_device(root, "0000:00:1f.3", "0x010601\n", "0x0002\n",
		   "../../../../bus/pci/drivers/ahci");
	put_device(root, "0000:02:00.0", "0x0c0400\n", "0x0003\n",
		   "../../../../bus/pci/drivers/qla2xxx");
	put_device(root, "0000:04:00.0", "0x020000\n", "0x0004\n",
		   "../../../../bus/pci/drivers/bnx2");
	assert_judges(root, CONTROLLERS_STORAGE,
		      "drivers are there (ahci, qla2xxx), and no disk answers them: check power and cables, and whether the RAID controller has a volume");
	assert_judges(root, CONTROLLERS_NETWORK,
		      "drivers are there (bnx2), and show no card: its firmware may be missing, see 'dmesg' in the shell");

	put_device(root, "0000:03:00.0", "0x010400\n", "0x0060\n", NULL);
	put_device(root, "0000:03:00.1", "0x080501\n", "0x0061\n", NULL);
	assert_judges(root, CONTROLLERS_STORAGE,
		      "no driver in this image supports storage controller LSI MegaRAID (1000:0060 at 0000:03:00.0), LSI (1000:0061 at 0000:03:00.1); add one with p2v-customize --module");
	tree_remove(root);
}

/* An attribute that cannot be read counts as missing. */
static void lives_with_nonsense(void **state)
{
	char *root = tree_new();

	(void)state;
	tree_put(root, "sys/bus/pci/devices/x/class", "nonsense\n");
	tree_put(root, "sys/bus/pci/devices/y/class", "0x028000\n");
	assert_judges(root, CONTROLLERS_NETWORK,
		      "no driver in this image supports network controller unknown vendor (0000:0000 at y); add one with p2v-customize --module");
	tree_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_is_there),
		cmocka_unit_test(lives_with_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
