// SPDX-License-Identifier: GPL-2.0-or-later
/* left_out.c: hardware that is not converted is named, and what needs no word is not. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "disks/disk_fixed.h"
#include "find.h"
#include "fixtures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define LIST(...) ((char *[]){ __VA_ARGS__, NULL })
#define FC(path)                                                                                  \
	"pci0000:00/0000:05:00." path "/host" path "/rport-" path ":0-0/target" path ":0:0/" path \
	":0:0:7"

/* A machine with one SATA disk. */
static int build(void **state)
{
	*state = tree_new();
	tree_disk(*state, "sda", AHCI("1"), GIB_SECTORS);
	return 0;
}

static int destroy(void **state)
{
	tree_remove(*state);
	return 0;
}

/* What is converted, and the warnings, each on a line. */
static void assert_finds(const char *root, char *const *wanted, const char *names,
			 const char *expected)
{
	AUTO_FREE char *reason = NULL, *text = NULL, *joined = NULL;
	AUTO_LIST char **found = NULL;
	struct disks disks;

	if (disks_find(root, wanted, NULL, &disks, &reason) < 0)
		fail_msg("%s", reason);
	for (size_t i = 0; i < disks.count; i++)
		list_append(&found, text_copy(disks.disk[i].name));
	joined = list_join(found, " ");
	text = list_join(disks.warnings, "\n");
	disks_clear(&disks);
	assert_string_equal(joined, names);
	assert_string_equal(text, expected);
}

#define IS_REMOVABLE " is left out, because its medium can be removed; p2v.disks="
#define NO_SIZE \
	" is left out: it has no size: its sectors have 520 or 528 bytes, as those of a storage system's disks do, or it is not ready; see 'dmesg' in the shell; once Linux shows a size, p2v.disks takes it, too"

static void names_removable_disks(void **state)
{
	const char *root = *state;

	/* A CF card on an IDE cable, with a system on it. */
	tree_disk(root, "sdb", AHCI("2"), GIB_SECTORS);
	fixture_disk_is(root, "sdb", "ATA     \n", "TRANSCEND       \n", NULL, NULL);
	tree_put(root, "sys/block/sdb/removable", "1\n");
	tree_put(root, "sys/block/sdb/sdb1/partition", "1\n");
	assert_finds(root, NULL, "sda",
		     "disk 'sdb' (sata, 1.0 GiB, TRANSCEND)" IS_REMOVABLE
		     "sda,sdb converts it, too");
	assert_finds(root, LIST("sda", "sdb"), "sda sdb", "");
	assert_finds(root, LIST("sda"), "sda", "");
	tree_put(root, "sys/block/sdb/removable", "0\n");
	/* The slot of a server's mainboard, which hangs at its management controller. */
	tree_disk(root, "sdd", USB("2"), GIB_SECTORS);
	fixture_disk_is(root, "sdd", "HP iLO  \n", "Internal SD-CARD\n", NULL, NULL);
	tree_put(root, "sys/block/sdd/removable", "1\n");
	assert_finds(root, NULL, "sda sdb",
		     "disk 'sdd' (usb, 1.0 GiB, HP iLO Internal SD-CARD)" IS_REMOVABLE
		     "sda,sdb,sdd converts it, too");
	tree_put(root, "sys/block/sdd/removable", "0\n");
	assert_finds(root, NULL, "sda sdb sdd", "");
	assert_finds(root, LIST("sda"), "sda", "");
	tree_put(root, "sys/block/sdb/removable", "1\n");
	tree_put(root, "sys/block/sdd/size", "0\n");
	tree_put(root, "sys/block/sdd/removable", "1\n");
	/* A stick beside it. */
	tree_disk(root, "sdc", USB("1"), GIB_SECTORS);
	fixture_disk_is(root, "sdc", "SanDisk \n", "Ultra           \n", NULL, NULL);
	tree_put(root, "sys/block/sdc/removable", "1\n");
	assert_finds(root, NULL, "sda",
		     "disk 'sdb' (sata, 1.0 GiB, TRANSCEND)" IS_REMOVABLE
		     "sda,sdb converts it, too\n"
		     "disk 'sdc' (usb, 1.0 GiB, SanDisk Ultra)" IS_REMOVABLE
		     "sda,sdc converts it, too");
}

static void names_disks_without_a_size(void **state)
{
	const char *root = *state;

	tree_disk(root, "sdb",
		  "pci0000:00/0000:03:00.0/host6/port-6:0/end_device-6:0/target6:0:0/6:0:0:0",
		  "0\n");
	fixture_disk_is(root, "sdb", "NETAPP  \n", "X423_HCOBE900A10\n", NULL, NULL);
	assert_finds(root, NULL, "sda", "disk 'sdb' (sas, NETAPP X423_HCOBE900A10)" NO_SIZE);
	assert_finds(root, LIST("sda"), "sda", "");
	tree_put(root, "sys/block/sdb/size", "99999999999999999999999\n");
	assert_finds(root, NULL, "sda", "disk 'sdb' (sas, NETAPP X423_HCOBE900A10)" NO_SIZE);
	tree_put(root, "sys/block/sdb/size", GIB_SECTORS);
	assert_finds(root, NULL, "sda sdb", "");
}

static void names_nvme_disks_with_metadata(void **state)
{
	const char *root = *state;

	tree_disk(root, "nvme0n1", "pci0000:00/0000:04:00.0/nvme/nvme0", "0\n");
	tree_put(root, "sys/block/nvme0n1/metadata_bytes", "8\n");
	assert_finds(root, NULL, "sda",
		     "disk 'nvme0n1' (nvme) is left out: it is formatted with 8 bytes of metadata beside each sector, and Linux does not read such a disk; copy it in the machine's own system to a disk without metadata");
	tree_put(root, "sys/block/nvme0n1/metadata_bytes", "0\n");
	assert_finds(root, NULL, "sda", "disk 'nvme0n1' (nvme)" NO_SIZE);
}

/* All paths of an NVMe disk are down: the kernel shows the paths only. */
static void names_nvme_disks_that_cannot_be_reached(void **state)
{
	const char *root = *state;

	tree_disk(root, "nvme2c0n1", "pci0000:00/0000:06:00.0/nvme/nvme2", GIB_SECTORS);
	tree_put(root, "sys/block/nvme2c0n1/hidden", "1\n");
	assert_finds(root, NULL, "sda",
		     "disk 'nvme2c0n1' (nvme, 1.0 GiB) is left out: it is a path to an NVMe disk, and none of that disk's paths can be used; check the storage and start again");
	tree_disk(root, "nvme2n1", "virtual/nvme-subsystem/nvme-subsys2", GIB_SECTORS);
	assert_finds(root, NULL, "sda nvme2n1", "");
}

/* On a path that is not in use, a storage may tell no size. */
static void knows_a_path_without_a_size(void **state)
{
	const char *root = *state;

	tree_disk(root, "sdb", FC("1"), GIB_SECTORS);
	tree_disk(root, "sdc", FC("2"), "0\n");
	fixture_disk_is(root, "sdb", NULL, NULL, "CKM00123", "naa.60060160a0b0c0d012345678\n");
	fixture_disk_is(root, "sdc", NULL, NULL, NULL, "naa.60060160a0b0c0d012345678\n");
	assert_finds(root, NULL, "sda sdb", "");
	tree_put(root, "sys/block/sdc/device/wwid", "naa.60060160a0b0c0d012345679\n");
	assert_finds(root, NULL, "sda sdb", "disk 'sdc' (fc)" NO_SIZE);
}

static void put_medium(const char *root, const char *node)
{
	static char image[32768 + 2048];

	memcpy(image + 32768, "\1CD001\1", 7);
	memset(image + 32776, ' ', 64);
	memcpy(image + 32808, P2VD_VOLUME_LABEL, strlen(P2VD_VOLUME_LABEL));
	tree_put_bytes(root, node, image, sizeof(image));
}

static void needs_no_word(void **state)
{
	const char *root = *state;

	/* An empty card reader, and our own stick. */
	tree_disk(root, "sdb", USB("1"), "0\n");
	tree_put(root, "sys/block/sdb/removable", "1\n");
	tree_disk(root, "sdc", USB("2"), GIB_SECTORS);
	tree_put(root, "sys/block/sdc/removable", "1\n");
	put_medium(root, "dev/sdc");
	/* Of a management controller. */
	tree_disk(root, "sdd", USB("3"), "0\n");
	fixture_disk_is(root, "sdd", "iDRAC   \n", "LCDRIVE         \n", NULL, NULL);
	tree_disk(root, "sde", USB("4"), "2880\n");
	tree_put(root, "sys/block/sde/ro", "1\n");
	/* Drives, parts of an eMMC, and what software made. */
	tree_disk(root, "fd0", "platform/floppy.0", "8\n");
	tree_put(root, "sys/block/fd0/removable", "1\n");
	tree_disk(root, "sr0", AHCI("3"), "2097151\n");
	tree_put(root, "sys/block/sr0/removable", "1\n");
	tree_disk(root, "mmcblk0boot0", "platform/mmc/mmc0:0001/mmcblk0", "8192\n");
	tree_disk(root, "loop0", "virtual", "8\n");
	tree_disk(root, "dm-0", "virtual", "8\n");
	tree_disk(root, "surprise", "virtual", "0\n");
	assert_finds(root, NULL, "sda", "");
}

/* They are below devices/virtual, too. */
static void takes_disks_over_a_network(void **state)
{
	const char *root = *state;

	tree_disk(root, "nvme1n1", "virtual/nvme-fabrics/ctl/nvme1", GIB_SECTORS);
	tree_disk(root, "sdb", "virtual/net/eth2.101/ctlr_0/host7/rport-7:0-0/target7:0:0/7:0:0:0",
		  GIB_SECTORS);
	assert_finds(root, NULL, "sda sdb nvme1n1", "");
}

static void names_controllers(void **state)
{
	const char *root = *state;

	tree_put(root, "sys/bus/pci/devices/0000:03:00.0/class", "0x010400\n");
	tree_put(root, "sys/bus/pci/devices/0000:03:00.0/vendor", "0x1000\n");
	tree_put(root, "sys/bus/pci/devices/0000:03:00.0/device", "0x0060\n");
	tree_put(root, "sys/bus/pci/devices/0000:00:17.0/class", "0x010400\n");
	tree_put(root, "sys/bus/pci/devices/0000:00:17.0/vendor", "0x8086\n");
	tree_put(root, "sys/bus/pci/devices/0000:00:17.0/device", "0x2822\n");
	tree_put(root, "sys/bus/pci/devices/0000:00:17.0/remapped_nvme", "2\n");
	tree_link(root, "sys/bus/pci/devices/0000:00:17.0/driver", "../../bus/pci/drivers/ahci");
	tree_put(root, "sys/bus/pci/devices/0000:00:1f.2/class", "0x010601\n");
	tree_put(root, "sys/bus/pci/devices/0000:00:1f.2/remapped_nvme", "0\n");
	tree_link(root, "sys/bus/pci/devices/0000:00:1f.2/driver", "../../bus/pci/drivers/ahci");
	tree_put(root, "sys/bus/pci/devices/0000:00:02.0/class", "0x030000\n");
	assert_finds(root, NULL, "sda",
		     "storage controller unknown vendor (8086:2822 at 0000:00:17.0) hides 2 NVMe disks, and they are left out: set it from RAID to AHCI in the firmware's setup to convert them\n"
		     "no driver in this image supports storage controller unknown vendor (1000:0060 at 0000:03:00.0): disks behind it are left out; add a driver with p2v-customize --module");
	assert_finds(root, LIST("sda"), "sda", "");
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TREE(names_removable_disks),
		ON_TREE(names_disks_without_a_size),
		ON_TREE(names_nvme_disks_with_metadata),
		ON_TREE(names_nvme_disks_that_cannot_be_reached),
		ON_TREE(knows_a_path_without_a_size),
		ON_TREE(needs_no_word),
		ON_TREE(takes_disks_over_a_network),
		ON_TREE(names_controllers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
