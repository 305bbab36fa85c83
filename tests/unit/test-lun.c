// SPDX-License-Identifier: GPL-2.0-or-later
/* lun.c: which disks are several paths to one LUN; and what it costs to find out. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "find.h"
#include "fixtures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define READS_FOR_EACH 30 /* of a path's attributes; nearly all need two */

/* How often this process has called read(2), pread(2) and their like; 0 where the kernel
 * does not count. */
static unsigned long long reads(void)
{
	AUTO_FCLOSE FILE *file = fopen("/proc/self/io", "re");
	unsigned long long count = 0;
	char line[80];

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "syscr: %llu", &count);
	return count;
}

static void reads_each_path_once(void **state)
{
	char *root = tree_new();
	AUTO_FREE char *reason = NULL;
	unsigned long long before;
	struct disks disks;

	(void)state;
	fixture_paths(root);
	before = reads();
	assert_int_equal(disks_find(root, NULL, NULL, &disks, &reason), 0);
	before = reads() - before;
	print_message("%llu reads for %d paths\n", before, FIXTURE_LUNS * FIXTURE_PATHS);
	assert_true(before <= READS_FOR_EACH * FIXTURE_LUNS * FIXTURE_PATHS);
	assert_int_equal(disks.count, FIXTURE_LUNS);
	for (size_t i = 0; i < disks.count; i++)
		assert_int_equal(list_length(disks.disk[i].paths), FIXTURE_PATHS);
	disks_clear(&disks);
	tree_remove(root);
}

/* ---- who may have several paths ----------------------------------------------- */

#define NAME "naa.5000c500a1b2c3d4"
#define FILLER "naa.5000000000000000"
#define FC(path)                                                                                  \
	"pci0000:00/0000:05:00." path "/host" path "/rport-" path ":0-0/target" path ":0:0/" path \
	":0:0:7"
#define SAS(path)                                                                             \
	"pci0000:00/0000:03:00.0/host6/port-6:" path "/end_device-6:" path "/target6:0:" path \
	"/6:0:" path ":0"
#define ISCSI(path) "platform/host" path "/session" path "/target" path ":0:0/" path ":0:0:1"
#define VIRTIO_SCSI(path) "pci0000:00/0000:00:03.0/virtio0/host0/target0:0:" path "/0:0:" path ":0"
#define HYPERV(path)                                                                               \
	"LNXSYSTM:00/LNXSYBUS:00/ACPI0004:00/VMBUS:00/f8b3781a/host0/target0:0:" path "/0:0:" path \
	":0"
#define SCSI(path) "pci0000:00/0000:02:00.0/host0/target0:2:" path "/0:2:" path ":0"
#define SRP(path) "pci0000:00/0000:0b:00.0/host" path "/target" path ":0:0/" path ":0:0:0"

/* A machine with two disks whose places these are. */
static int build(void **state)
{
	*state = tree_new();
	return 0;
}

static int destroy(void **state)
{
	tree_remove(*state);
	return 0;
}

static const char *const pair[] = { "sda", "sdb" };

static void put_pair(const char *root, const char *first, const char *second, const char *wwn,
		     const char *serial)
{
	tree_disk(root, pair[0], first, GIB_SECTORS);
	tree_disk(root, pair[1], second, GIB_SECTORS);
	for (size_t i = 0; i < 2; i++)
		fixture_disk_is(root, pair[i], "MAKER   \n", "Model           \n", serial, wwn);
}

/* Page 83h with the NAA name NAME. */
static void put_own_names(const char *root)
{
	static const char page[] = "\0\x83\0\x0c\1\3\0\x08\x50\0\xc5\0\xa1\xb2\xc3\xd4";

	for (size_t i = 0; i < 2; i++) {
		AUTO_FREE char *path = text_format("sys/block/%s/device/vpd_pg83", pair[i]);

		tree_put_bytes(root, path, page, sizeof(page) - 1);
	}
}

/* How many disks there are; @warning: a part of the only warning, NULL for none. */
static void assert_disks(const char *root, size_t count, const char *warning)
{
	struct disks disks;
	AUTO_FREE char *reason = NULL, *text = NULL;

	assert_int_equal(disks_find(root, NULL, NULL, &disks, &reason), 0);
	text = list_join(disks.warnings, "\n");
	if (disks.count != count || (!warning && *text) || (warning && !strstr(text, warning)))
		fail_msg("%zu disks, not %zu; warnings: %s", disks.count, count, text);
	assert_int_equal(list_length(disks.warnings), warning ? 1 : 0);
	for (size_t i = 0; i < disks.count; i++)
		assert_true(!disks.disk[i].paths == (count > 1));
	disks_clear(&disks);
}

static void assert_pair(const char *first, const char *second, const char *wwn, const char *serial,
			bool own, size_t count, const char *warning)
{
	char *root = tree_new();

	put_pair(root, first, second, wwn, serial);
	if (own)
		put_own_names(root);
	assert_disks(root, count, warning);
	tree_remove(root);
}

#define DOUBT_OF(names) names " have the same size and the same"
#define DOUBT DOUBT_OF("sda, sdb")

/* Whatever their firmware says of them. */
static void knows_who_has_one_path(void **state)
{
	static const char *const names[][2] = {
		{ NAME "\n", "Z1D2QF0B" },
		{ FILLER "\n", "0000000000CA" },
		{ NULL, "0000000000CA" },
		{ "t10.ATA Model\n", NULL },
		{ "t10.ATA Model Z1D2QF0B\n", "Z1D2QF0B" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_pair(AHCI("1"), AHCI("2"), names[i][0], names[i][1], true, 2, NULL);
		assert_pair(USB("1"), USB("2"), names[i][0], names[i][1], true, 2, NULL);
		assert_pair(AHCI("1"), FC("1"), names[i][0], names[i][1], true, 2, NULL);
	}
}

static void knows_other_buses_of_one_path(void **state)
{
	static const char *const names[][3] = {
		{ "vda", "vdb", "virtio1" },
		{ "xvda", "xvdb", "vbd-51712" },
		{ "mmcblk0", "mmcblk1", "platform/80860F14:00/mmc_host/mmc0/mmc0:0001" },
		{ "pmem0", "pmem1", "LNXSYSTM:00/ACPI0012:00/ndbus0/region0/namespace0.0" },
		{ "cciss!c0d0", "cciss!c1d0", "pci0000:00/0000:07:00.0/cciss0/c0d0" },
		{ "dasda", "dasdb", "css0/0.0.0002/0.0.0200" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		char *root = tree_new();

		for (size_t j = 0; j < 2; j++) {
			tree_disk(root, names[i][j], names[i][2], GIB_SECTORS);
			tree_set(root, "Z1D2QF0B\n", "sys/block/%s/serial", names[i][j]);
			tree_set(root, NAME "\n", "sys/block/%s/wwid", names[i][j]);
		}
		assert_disks(root, 2, NULL);
		tree_remove(root);
	}
}

static void knows_who_has_several(void **state)
{
	(void)state;
	assert_pair(FC("1"), FC("2"), NAME "\n", "CKM00123", false, 1, NULL);
	assert_pair(FC("1"), FC("2"), NAME "\n", NULL, false, 1, NULL);
	assert_pair(SAS("0"), SAS("1"), NAME "\n", "CKM00123", false, 1, NULL);
	assert_pair(ISCSI("1"), ISCSI("2"), NAME "\n", "CKM00123", false, 1, NULL);
	assert_pair(FC("1"), ISCSI("2"), NAME "\n", "CKM00123", false, 1, NULL);
	assert_pair(FC("1"), FC("2"), "t10.MAKER Model CKM00123\n", "CKM00123", false, 1, NULL);
}

static void doubts_names_that_tell_nothing(void **state)
{
	static const char *const names[][2] = {
		{ FILLER "\n", "CKM00123" },
		{ FILLER "\n", NULL },
		{ "t10.MAKER Model\n", NULL },
		{ "t10.MAKER Model\n", "CKM00123" },
		{ "t10.MAKER Model 0000000000CA\n", "0000000000CA" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_pair(FC("1"), FC("2"), names[i][0], names[i][1], false, 2, DOUBT);
		assert_pair(SAS("0"), SAS("1"), names[i][0], names[i][1], false, 2, DOUBT);
	}
	assert_pair(FC("1"), FC("2"), NULL, "CKM00123", false, 2, DOUBT " serial number");
	assert_pair(FC("1"), FC("2"), NULL, "0000000000CA", false, 2, NULL);
	assert_pair(FC("1"), FC("2"), NULL, NULL, false, 2, NULL);
}

static void wants_own_names_elsewhere(void **state)
{
	static const char *const places[][2] = {
		{ VIRTIO_SCSI("0"), VIRTIO_SCSI("1") },
		{ HYPERV("0"), HYPERV("1") },
		{ SCSI("0"), SCSI("1") },
		{ SRP("1"), SRP("2") },
		{ SCSI("0"), FC("1") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		const char *const *place = places[i];

		assert_pair(place[0], place[1], NAME "\n", "CKM00123", true, 1, NULL);
		assert_pair(place[0], place[1], NAME "\n", "CKM00123", false, 2, DOUBT);
		assert_pair(place[0], place[1], "t10.MAKER CKM00123\n", "CKM00123", false, 2,
			    DOUBT);
	}
}

static void wants_all_to_agree(void **state)
{
	const char *root = *state;

	put_pair(root, FC("1"), FC("2"), NAME "\n", "CKM00123");
	assert_disks(root, 1, NULL);
	tree_put(root, "sys/block/sdb/size", "8\n");
	assert_disks(root, 2, NULL);
	tree_put(root, "sys/block/sdb/size", GIB_SECTORS);
	tree_put_bytes(root, "sys/block/sdb/device/vpd_pg80", "\0\x80\0\4OTHR", 8);
	assert_disks(root, 2, NULL);
}

/* They have one port, and many of them one name. Whoever translates their commands to SCSI says
 * that ATA is their vendor. */
static void doubts_sata_disks_behind_scsi(void **state)
{
	static const char *const places[][2] = {
		{ SAS("0"), SAS("1") },
		{ SCSI("0"), SCSI("1") },
		{ VIRTIO_SCSI("0"), VIRTIO_SCSI("1") },
		{ FC("1"), FC("2") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		char *root = tree_new();

		put_pair(root, places[i][0], places[i][1], NAME "\n", "AA00000000000489");
		put_own_names(root);
		for (size_t j = 0; j < 2; j++)
			tree_set(root, "ATA     \n", "sys/block/%s/device/vendor", pair[j]);
		assert_disks(root, 2, DOUBT);
		tree_remove(root);
	}
}

/* A storage that gives all its LUNs one name. */
static void knows_two_luns_of_a_target(void **state)
{
	(void)state;
	assert_pair("pci0000:00/0000:05:00.0/host1/rport-1:0-0/target1:0:0/1:0:0:0",
		    "pci0000:00/0000:05:00.0/host1/rport-1:0-0/target1:0:0/1:0:0:1", NAME "\n",
		    "CKM00123", false, 2, NULL);
}

/* The names that tgt gives are the same on every server; the target's is not. */
static void knows_iscsi_targets(void **state)
{
	const char *root = *state;

	put_pair(root, ISCSI("1"), ISCSI("2"), "naa.60000000000000000e00000000010001\n", "beaf11");
	assert_disks(root, 2, DOUBT);
	tree_put(root, "sys/class/iscsi_session/session1/targetname", "iqn.2003-01.test:one\n");
	tree_put(root, "sys/class/iscsi_session/session2/targetname", "iqn.2003-01.test:one\n");
	assert_disks(root, 1, NULL);
	tree_put(root, "sys/class/iscsi_session/session2/targetname", "iqn.2003-01.test:two\n");
	assert_disks(root, 2, NULL);
}

/* Without the kernel's own joining of NVMe's paths. */
static void knows_nvme_subsystems(void **state)
{
	const char *root = *state;

	for (unsigned i = 0; i < 2; i++) {
		AUTO_FREE char *parent = text_format("pci0000:00/0000:0%u:00.0/nvme/nvme%u", i, i);
		AUTO_FREE char *name = text_format("nvme%un1", i);

		tree_disk(root, name, parent, GIB_SECTORS);
		tree_set(root, "eui.0025385b71b00001\n", "sys/block/%s/wwid", name);
		tree_set(root, "S4EVNF0M100000A\n", "sys/block/%s/device/serial", name);
	}
	assert_disks(root, 2, DOUBT_OF("nvme0n1, nvme1n1"));
	tree_put(root, "sys/block/nvme0n1/device/subsysnqn", "nqn.2014-08.test:one\n");
	tree_put(root, "sys/block/nvme1n1/device/subsysnqn", "nqn.2014-08.test:one\n");
	assert_disks(root, 1, NULL);
	tree_put(root, "sys/block/nvme0n1/wwid", "eui.0000000000000000\n");
	tree_put(root, "sys/block/nvme1n1/wwid", "eui.0000000000000000\n");
	assert_disks(root, 2, DOUBT_OF("nvme0n1, nvme1n1"));
	tree_put(root, "sys/block/nvme1n1/device/subsysnqn", "nqn.2014-08.test:two\n");
	assert_disks(root, 2, NULL);
}

static void tells_of_many_once(void **state)
{
	const char *root = *state;

	put_pair(root, SCSI("0"), SCSI("1"), FILLER "\n", NULL);
	tree_disk(root, "sdc", SCSI("2"), GIB_SECTORS);
	fixture_disk_is(root, "sdc", NULL, NULL, NULL, FILLER "\n");
	assert_disks(root, 3, DOUBT_OF("sda, sdb, sdc"));
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_path_once),
		cmocka_unit_test(knows_who_has_one_path),
		cmocka_unit_test(knows_other_buses_of_one_path),
		cmocka_unit_test(knows_who_has_several),
		cmocka_unit_test(doubts_names_that_tell_nothing),
		cmocka_unit_test(wants_own_names_elsewhere),
		cmocka_unit_test(doubts_sata_disks_behind_scsi),
		ON_TREE(wants_all_to_agree),
		cmocka_unit_test(knows_two_luns_of_a_target),
		ON_TREE(knows_iscsi_targets),
		ON_TREE(knows_nvme_subsystems),
		ON_TREE(tells_of_many_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
