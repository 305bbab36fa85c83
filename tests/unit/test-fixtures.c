// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2vd reads from whole machines (fixtures.h). For what virt-v2v reads see test-xml. */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "find.h"
#include "fixtures.h"
#include "machine/machine.h"
#include "machine/nics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define GIB ((uint64_t)1 << 30)
#define LIST(...) ((char *[]){ __VA_ARGS__, NULL })

struct read {
	char *root;
	struct machine machine;
	struct disks disks;
	struct nics nics;
};

/* @wanted: p2v.disks, NULL for all. */
static struct read read_some(const char *name, char *const *wanted)
{
	struct read read = { .root = fixture_new(name) };
	AUTO_FREE char *reason = NULL;

	machine_read(read.root, &read.machine);
	if (disks_find(read.root, wanted, NULL, &read.disks, &reason) < 0 ||
	    nics_find(read.root, NULL, NULL, &read.nics, &reason) < 0)
		fail_msg("%s: %s", name, reason);
	return read;
}

static struct read read_all(const char *name)
{
	return read_some(name, NULL);
}

static void clear(struct read *read)
{
	machine_clear(&read->machine);
	disks_clear(&read->disks);
	nics_clear(&read->nics);
	tree_remove(read->root);
}

/* "sda:sata sdb:virtio!"; a ! marks a disk whose name virt-v2v does not correct. */
static void assert_disks(const struct read *read, const char *expected)
{
	AUTO_LIST char **words = NULL;
	AUTO_FREE char *text = NULL;

	for (size_t i = 0; i < read->disks.count; i++) {
		const struct disk *disk = &read->disks.disk[i];

		list_append(&words, text_format("%s:%s%s", disk->name, disk->bus,
						disk->renamed ? "" : "!"));
	}
	text = list_join(words, " ");
	assert_string_equal(text, expected);
}

static void assert_found(const char *name, const char *expected)
{
	struct read read = read_all(name);

	assert_disks(&read, expected);
	clear(&read);
}

static void finds_disks(void **state)
{
	(void)state;
	assert_found("sata", "sda:sata");
	assert_found("raid",
		     "sda:scsi sdb:scsi sdc:scsi sdd:scsi sde:scsi sdf:scsi sdg:scsi sdh:scsi");
	assert_found("nvme", "nvme0n1:virtio! nvme0n2:virtio! nvme1n1:virtio!");
	assert_found("cciss", "cciss/c0d0:virtio! cciss/c0d1:virtio!");
	assert_found("emmc", "mmcblk0:virtio!");
	assert_found("xen", "xvda:virtio xvdb:virtio");
	assert_found("vmware", "sda:scsi sdb:scsi");
	assert_found("hyperv", "sda:scsi");
	assert_found("old", "hda:ide");
	assert_found("pata", "sda:ide");
	assert_found("names", "dasda:virtio! sda:virtio! vda:virtio! ubda:virtio! pmem0:virtio!");
	assert_found("mixed",
		     "nvme0n1:virtio! nvme0n2:virtio! nvme1n1:virtio! sda:virtio! sdb:virtio!");
}

/* "1 2 3": the disks in the guest's order. */
static char *serials_of(const struct disks *disks)
{
	AUTO_LIST char **words = NULL;

	for (size_t i = 0; i < disks->count; i++)
		list_append(&words, text_copy(disks->disk[i].serial));
	return list_join(words, " ");
}

/* The order stays the same when the kernel's names change. */
static void orders_by_place(void **state)
{
	const char *names[8];

	(void)state;
	memcpy(names, FIXTURE_ORDER, sizeof(names));
	assert_found("order",
		     "sde:scsi sdd:scsi nvme1n1:virtio! nvme1n2:virtio! nvme0n1:virtio! sdb:virtio! sda:virtio! sdc:virtio!");
	for (int start = 0; start < 5; start++) {
		static const size_t scsi[] = { 0, 1, 5, 6, 7 };
		const char *first = names[scsi[0]], *nvme = names[2 + start % 2];
		char *root = tree_new();
		AUTO_FREE char *reason = NULL, *serials = NULL;
		struct disks disks;

		/* Another start: the SCSI disks' names rotate, the NVMe disks' names swap. */
		for (size_t i = 0; i + 1 < 5; i++)
			names[scsi[i]] = names[scsi[i + 1]];
		names[scsi[4]] = first;
		names[2 + start % 2] = names[4];
		names[4] = nvme;
		fixture_order_as(root, names);
		assert_int_equal(disks_find(root, NULL, NULL, &disks, &reason), 0);
		serials = serials_of(&disks);
		assert_string_equal(serials, "1 2 3 4 5 6 7 8");
		disks_clear(&disks);
		tree_remove(root);
	}
}

static void starts_from_what_the_firmware_does(void **state)
{
	struct read read;

	(void)state;
	assert_found("boot-uefi", "sdb:virtio! sda:virtio!");
	assert_found("boot-bios", "sdb:virtio! sda:virtio!");
	read = read_some("boot-uefi", LIST("sda", "sdb"));
	assert_disks(&read, "sda:sata sdb:sata");
	clear(&read);
	/* The BIOS's first disk is not known: sort by place. */
	read = read_all("boot-bios");
	disks_clear(&read.disks);
	tree_put(read.root, "sys/firmware/edd/int13_dev80/mbr_signature", "0x00000000\n");
	assert_int_equal(disks_find(read.root, NULL, NULL, &read.disks, &(char *){ NULL }), 0);
	assert_disks(&read, "sda:sata sdb:sata");
	clear(&read);
	/* The disk that the firmware names does not exist any more: the same. */
	read = read_all("boot-uefi");
	disks_clear(&read.disks);
	fixture_gpt(read.root, "dev/sdb", "another disk, no");
	tree_put(read.root, FIXTURE_EFI_VARIABLE("Boot0001"), "");
	assert_int_equal(disks_find(read.root, NULL, NULL, &read.disks, &(char *){ NULL }), 0);
	assert_disks(&read, "sda:sata sdb:sata");
	clear(&read);
}

static void counts_a_lun_once(void **state)
{
	struct read read = read_all("san");
	AUTO_FREE char *paths = list_join(read.disks.disk[0].paths, " ");
	AUTO_FREE char *reason = NULL;
	struct disks disks;

	(void)state;
	/* sda and sdd are on standby. */
	assert_disks(&read, "sdc:scsi sdb:scsi");
	assert_string_equal(paths, "sda sdc");
	assert_string_equal(read.disks.disk[0].transport, "fc");
	assert_string_equal(read.disks.disk[0].lun, "naa.60060160a0b0c0d00000000000000000");
	assert_null(read.disks.warnings);
	/* What p2v.disks names wins. */
	assert_int_equal(disks_find(read.root, LIST("sda", "sdc"), NULL, &disks, &reason), 0);
	assert_int_equal(disks.count, 2);
	assert_int_equal(list_length(disks.warnings), 1);
	assert_non_null(strstr(disks.warnings[0], "sda, sdc are paths to one disk"));
	disks_clear(&disks);
	tree_put(read.root, "sys/block/sdc/size", "8\n");
	tree_put_bytes(read.root, "sys/block/sdd/device/vpd_pg80", "\0\x80\0\4OTHR", 8);
	disks_clear(&read.disks);
	assert_int_equal(disks_find(read.root, NULL, NULL, &read.disks, &reason), 0);
	assert_int_equal(read.disks.count, 4);
	clear(&read);
}

static void prefers_the_multipath_device(void **state)
{
	struct read read = read_all("multipath");
	const struct disk *disk = &read.disks.disk[0];
	AUTO_FREE char *paths = list_join(disk->paths, " ");

	(void)state;
	assert_int_equal(read.disks.count, 2);
	assert_string_equal(disk->path, "/dev/mapper/mpatha");
	assert_string_equal(disk->model, "VRAID");
	assert_string_equal(paths, "sda sdc");
	assert_string_equal(disk->lun, "mpatha");
	assert_null(read.disks.warnings);
	clear(&read);
}

static void leaves_virtual_media_out(void **state)
{
	struct read read = read_all("raid");

	(void)state;
	assert_int_equal(list_length(read.disks.removable), 1);
	assert_string_equal(read.disks.removable[0], "sr0");
	clear(&read);
}

/* What controllers show is neither a disk nor a card of the guest; a real USB disk is. */
static void leaves_out_what_controllers_show(void **state)
{
	struct read read = read_all("management");

	(void)state;
	assert_int_equal(read.disks.count, 2);
	assert_string_equal(read.disks.disk[0].name, "sda");
	assert_string_equal(read.disks.disk[1].name, "sdh");
	assert_int_equal(read.nics.count, 1);
	assert_int_equal(read.nics.management_count, 1);
	assert_string_equal(read.nics.management[0].name, "idrac");
	clear(&read);
}

static void reads_disks(void **state)
{
	struct read read = read_all("sata");
	const struct disk *disk = &read.disks.disk[0];

	(void)state;
	assert_null(disk->vendor);
	assert_string_equal(disk->model, "ST3500413AS");
	assert_string_equal(disk->serial, "Z1D2QF0B");
	assert_string_equal(disk->wwn, "naa.5000c500a1b2c3d4");
	assert_string_equal(disk->transport, "sata");
	assert_true(disk->rotational);
	assert_int_equal(disk->size, GIB);
	assert_int_equal(disk->logical_block, 512);
	assert_int_equal(disk->physical_block, 4096);
	clear(&read);
	read = read_all("nvme");
	assert_string_equal(read.disks.disk[1].serial, "S4EVNF0M100000A");
	assert_string_equal(read.disks.disk[1].wwn, "eui.0025385b71b00001");
	assert_string_equal(read.disks.disk[1].transport, "nvme");
	assert_false(read.disks.disk[1].rotational);
	clear(&read);
	read = read_all("names");
	assert_int_equal(read.disks.disk[1].logical_block, 4096);
	clear(&read);
}

static void warns_of_large_sectors(void **state)
{
	struct read read = read_all("names");

	(void)state;
	assert_int_equal(list_length(read.disks.warnings), 1);
	assert_non_null(strstr(read.disks.warnings[0], "disk 'sda' has sectors of 4096 bytes"));
	clear(&read);
	read = read_some("names", LIST("vda"));
	assert_null(read.disks.warnings);
	clear(&read);
}

/* The advice names only the disks whose names are not corrected. */
static void advises(void **state)
{
	struct read read = read_all("mixed");
	AUTO_LIST char **advice = disks_advice(&read.disks);

	(void)state;
	assert_int_equal(list_length(advice), 1);
	assert_non_null(strstr(advice[0], "nvme0n1, nvme0n2, nvme1n1, sda, sdb"));
	assert_non_null(strstr(advice[0], "'/dev/nvme0n1p2'"));
	assert_non_null(strstr(advice[0], "is not converted or will not start"));
	clear(&read);
	read = read_all("vmware");
	assert_null(disks_advice(&read.disks));
	clear(&read);
}

static void advises_on_ide_disks(void **state)
{
	struct read read = read_all("pata");
	AUTO_LIST char **advice = disks_advice(&read.disks), **both = NULL;

	(void)state;
	assert_int_equal(list_length(advice), 1);
	assert_non_null(strstr(advice[0], "sda is on an IDE cable"));
	/* Beside a disk on which there is advice, too. */
	tree_disk(read.root, "nvme0n1", "pci0000:00/0000:01:00.0/nvme/nvme0", GIB_SECTORS);
	disks_clear(&read.disks);
	assert_int_equal(disks_find(read.root, NULL, NULL, &read.disks, &(char *){ NULL }), 0);
	assert_disks(&read, "sda:ide nvme0n1:virtio!");
	both = disks_advice(&read.disks);
	assert_int_equal(list_length(both), 2);
	assert_non_null(strstr(both[0], "names of nvme0n1 inside"));
	assert_non_null(strstr(both[1], "sda is on an IDE cable"));
	clear(&read);
}

static void assert_warns(char *const *wanted, const char *expected)
{
	struct read read = read_some("sets", wanted);
	AUTO_FREE char *text = list_join(read.disks.warnings, "\n");

	if (!expected && *text)
		fail_msg("warns: %s", text);
	if (expected && (!strstr(text, expected) || list_length(read.disks.warnings) != 1))
		fail_msg("'%s' is not all that stands in '%s'", expected, text);
	clear(&read);
}

static void names_what_sets_lack(void **state)
{
	struct read read;
	AUTO_FREE char *text = NULL;

	(void)state;
	assert_warns(NULL, NULL);
	assert_warns(LIST("sda", "sdb"),
		     "disk 'sdc' is not converted, but 'sdc1' on it is part of the MD array 'web:0', as is a part of 'sda': the guest will lack it; add 'sdc' to p2v.disks");
	assert_warns(LIST("sda", "sdc"),
		     "disk 'sdb' is not converted, but 'sdb' on it is part of the LVM volume group 'vg0', as is a part of 'sda': the guest will lack it; add 'sdb' to p2v.disks");
	assert_warns(LIST("sdb"), "disk 'sda' is not converted");
	read = read_all("sets");
	text = list_join(read.disks.disk[0].sets, ", ");
	assert_string_equal(text, "sda1: MD array 'web:0', sda2: LVM volume group 'vg0'");
	clear(&read);
	read = read_some("assembled", LIST("sda"));
	assert_int_equal(list_length(read.disks.warnings), 1);
	assert_non_null(strstr(read.disks.warnings[0],
			       "disk 'sdb' is not converted, but 'sdb1' on it is part of 'vg0-root'"));
	clear(&read);
}

static void tells_of_absent_members(void **state)
{
	char *root = fixture_new("sets");
	struct disks disks;
	AUTO_FREE char *reason = NULL, *text = NULL;

	(void)state;
	tree_put(root, "dev/sdb", "nothing");
	tree_put(root, "dev/sdc1", "nothing");
	assert_int_equal(disks_find(root, NULL, NULL, &disks, &reason), 0);
	text = list_join(disks.warnings, "\n");
	assert_non_null(strstr(text,
			       "the MD array 'web:0' on 'sda1' has 2 members, but this machine shows 1"));
	assert_non_null(strstr(text,
			       "the LVM volume group 'vg0' on 'sda2' has a physical volume that this machine does not show, last seen as '/dev/sdb'"));
	disks_clear(&disks);
	tree_remove(root);
}

/* Two SATA disks, the first of a set whose other disk the user, or nobody, has. */
static void assert_alone(void (*put)(const char *root, const char *node), const char *set,
			 const char *missing)
{
	char *root = tree_new();
	AUTO_FREE char *reason = NULL, *left_out = NULL;
	struct disks disks;

	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	tree_disk(root, "sdb", AHCI("2"), GIB_SECTORS);
	put(root, "dev/sda");
	assert_int_equal(disks_find(root, NULL, NULL, &disks, &reason), 0);
	if (list_length(disks.warnings) != 1 || strcmp(disks.warnings[0], missing) != 0)
		fail_msg("'%s' is not '%s'", list_join(disks.warnings, "\n"), missing);
	disks_clear(&disks);
	put(root, "dev/sdb");
	assert_int_equal(disks_find(root, NULL, NULL, &disks, &reason), 0);
	assert_null(disks.warnings);
	disks_clear(&disks);
	assert_int_equal(disks_find(root, LIST("sda"), NULL, &disks, &reason), 0);
	left_out =
		text_format("disk 'sdb' is not converted, but 'sdb' on it is part of the %s, as is a part of 'sda': the guest will lack it; add 'sdb' to p2v.disks",
			    set);
	assert_string_equal(disks.warnings[0], left_out);
	assert_int_equal(list_length(disks.warnings), 1);
	disks_clear(&disks);
	tree_remove(root);
}

static void put_isw(const char *root, const char *node)
{
	fixture_isw(root, node, 0x1a2b3c4d, 2);
}

static void put_ddf(const char *root, const char *node)
{
	fixture_ddf(root, node, "LSI     \0\0\0\0\0\0\0\0abcdefgh", 2);
}

static void put_bare_ddf(const char *root, const char *node)
{
	fixture_ddf(root, node, "LSI     \0\0\0\0\0\0\0\0abcdefgh", 0);
}

static void put_lsi(const char *root, const char *node)
{
	tree_put_at(root, node, FIXTURE_GIB, FIXTURE_GIB - 512, "$XIDE$", 6);
}

static void put_bcache(const char *root, const char *node)
{
	fixture_bcache(root, node, "fedcba9876543210");
}

static void put_ldm(const char *root, const char *node)
{
	fixture_ldm(root, node, "93b0c2a7-8e6b-11ee-b9d1-0242ac120002", 2);
}

#define DDF "firmware RAID '202020202049534c00000000000000006867666564636261'"
#define BCACHE "bcache set '66656463626139383736353433323130'"
#define ALONE(set) \
	"the " set \
	" on 'sda' has 2 members, but this machine shows 1: it was degraded, or a disk is missing"
#define ALONE_SOMEHOW(set) \
	"the " set         \
	" on 'sda' has other members, but this machine shows none: it was degraded, or a disk is missing"

static void tells_of_members_alone(void **state)
{
	(void)state;
	assert_alone(put_isw, "firmware RAID '1a2b3c4d'", ALONE("firmware RAID '1a2b3c4d'"));
	assert_alone(put_ddf, DDF, ALONE(DDF));
	assert_alone(put_bare_ddf, DDF, ALONE_SOMEHOW(DDF));
	assert_alone(put_lsi, "firmware RAID", ALONE_SOMEHOW("firmware RAID"));
	assert_alone(put_bcache, BCACHE, ALONE_SOMEHOW(BCACHE));
	assert_alone(put_ldm, "group of Windows dynamic disks 'Web-Dg0'",
		     ALONE("group of Windows dynamic disks 'Web-Dg0'"));
}

static void finds_cards(void **state)
{
	struct read read = read_all("network");
	const struct nic *nic = read.nics.nic;

	(void)state;
	assert_int_equal(read.nics.count, 3);
	assert_string_equal(nic[0].mac, "52:54:00:00:00:01");
	assert_string_equal(nic[0].vendor, "Intel Corporation");
	assert_string_equal(nic[0].model, "82574L Gigabit Network Connection");
	assert_int_equal(nic[0].link, NIC_LINK_UP);
	assert_int_equal(nic[0].speed, 1000);
	assert_string_equal(nic[1].name, "eno2");
	assert_string_equal(nic[1].mac, "52:54:00:00:00:02");
	assert_int_equal(nic[1].link, NIC_LINK_DOWN);
	assert_int_equal(nic[1].speed, 0);
	assert_string_equal(nic[2].name, "ibp4s0");
	assert_string_equal(nic[2].model, "MT27500 Family [ConnectX-3]");
	assert_null(nic[2].mac);
	assert_int_equal(read.nics.wireless_count, 1);
	assert_string_equal(read.nics.wireless[0].name, "wlp3s0");
	clear(&read);
}

static void names_a_virtio_card_by_its_parent(void **state)
{
	char *root = fixture_new("bios");
	struct nics nics;
	AUTO_FREE char *reason = NULL;

	(void)state;
	tree_nic(root, "ens3", "3\n", "52:54:00:00:00:07\n");
	tree_put(root, "sys/devices/pci0000:00/0000:00:03.0/vendor", "0x1af4\n");
	tree_put(root, "sys/devices/pci0000:00/0000:00:03.0/device", "0x1000\n");
	tree_put(root, "sys/devices/pci0000:00/0000:00:03.0/virtio0/vendor", "0x1af4\n");
	tree_put(root, "sys/devices/pci0000:00/0000:00:03.0/virtio0/device", "0x0001\n");
	tree_link(root, "sys/devices/pci0000:00/0000:00:03.0/virtio0/driver",
		  "../../bus/virtio/drivers/virtio_net");
	tree_put(root, "sys/class/net/ens4/type", "1\n");
	tree_put(root, "sys/class/net/ens4/ifindex", "4\n");
	tree_link(root, "sys/class/net/ens4/device",
		  "../../../devices/pci0000:00/0000:00:03.0/virtio0");
	assert_int_equal(nics_find(root, LIST("ens4"), NULL, &nics, &reason), 0);
	assert_string_equal(nics.nic[0].vendor, "Red Hat, Inc.");
	assert_string_equal(nics.nic[0].model, "Virtio network device");
	nics_clear(&nics);
	tree_remove(root);
}

static void reads_machines(void **state)
{
	struct read read = read_all("processors");

	(void)state;
	assert_int_equal(read.machine.cpus, 51);
	assert_int_equal(read.machine.sockets, 2);
	assert_int_equal(read.machine.cores, 14);
	assert_int_equal(read.machine.threads, 2);
	assert_string_equal(read.machine.cpu_model, "Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz");
	clear(&read);
	read = read_all("modules");
	assert_true(read.machine.memory == 24 * GIB);
	assert_int_equal(read.machine.modules.count, 3);
	assert_string_equal(read.machine.modules.module[0].slot, "DIMM_A1");
	assert_int_equal(read.machine.modules.module[0].speed, 2400);
	clear(&read);
	read = read_all("mirrored");
	assert_true(read.machine.memory == 12 * GIB);
	assert_int_equal(read.machine.modules.count, 3);
	clear(&read);
	read = read_all("raid");
	assert_string_equal(read.machine.chassis, "rack mount chassis");
	assert_true(read.machine.memory == 8 * GIB);
	clear(&read);
}

static void assert_firmware(const char *name, enum firmware kind, enum secure_boot secure,
			    const char *tpm)
{
	struct read read = read_all(name);

	assert_int_equal(read.machine.firmware, kind);
	assert_int_equal(read.machine.secure_boot, secure);
	if (tpm)
		assert_string_equal(read.machine.tpm, tpm);
	else
		assert_null(read.machine.tpm);
	clear(&read);
}

static void reads_firmware(void **state)
{
	(void)state;
	assert_firmware("bios", FIRMWARE_BIOS, SECURE_BOOT_OFF, "1.2");
	assert_firmware("uefi", FIRMWARE_UEFI, SECURE_BOOT_OFF, "1.2");
	assert_firmware("secure-boot", FIRMWARE_UEFI, SECURE_BOOT_ON, "1.2");
	assert_firmware("emmc", FIRMWARE_UEFI, SECURE_BOOT_ON, "2.0");
	assert_firmware("sata", FIRMWARE_BIOS, SECURE_BOOT_OFF, NULL);
}

static enum secure_boot secure_boot(const char *root)
{
	struct machine machine;
	enum secure_boot answer;

	machine_read(root, &machine);
	answer = machine.secure_boot;
	machine_clear(&machine);
	return answer;
}

/* Without efivarfs: from the kernel's boot parameters. */
static void reads_secure_boot_from_boot_parameters(void **state)
{
	char *root = tree_new();
	uint8_t parameters[4096] = { 0 };

	(void)state;
	tree_put(root, "sys/firmware/efi/fw_platform_size", "64\n");
	assert_int_equal(secure_boot(root), SECURE_BOOT_UNKNOWN);
	for (uint8_t value = 0; value < 4; value++) {
		static const enum secure_boot expected[] = {
			SECURE_BOOT_UNKNOWN,
			SECURE_BOOT_UNKNOWN,
			SECURE_BOOT_OFF,
			SECURE_BOOT_ON,
		};

		parameters[0x1ec] = value;
		tree_put_bytes(root, "sys/kernel/boot_params/data", parameters, sizeof(parameters));
		assert_int_equal(secure_boot(root), expected[value]);
	}
	tree_remove(root);
}

static void reads_the_clock(void **state)
{
	struct read read = read_all("local-time");
	struct clock clock = clock_compare(clock_rtc(read.root), FIXTURE_LOCAL_TIME_UTC + 3);

	(void)state;
	assert_int_equal(clock.basis, RTC_LOCALTIME);
	assert_int_equal(clock.offset, 7200);
	clear(&read);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_disks),
		cmocka_unit_test(orders_by_place),
		cmocka_unit_test(starts_from_what_the_firmware_does),
		cmocka_unit_test(counts_a_lun_once),
		cmocka_unit_test(prefers_the_multipath_device),
		cmocka_unit_test(leaves_virtual_media_out),
		cmocka_unit_test(leaves_out_what_controllers_show),
		cmocka_unit_test(reads_disks),
		cmocka_unit_test(warns_of_large_sectors),
		cmocka_unit_test(advises),
		cmocka_unit_test(advises_on_ide_disks),
		cmocka_unit_test(names_what_sets_lack),
		cmocka_unit_test(tells_of_absent_members),
		cmocka_unit_test(tells_of_members_alone),
		cmocka_unit_test(finds_cards),
		cmocka_unit_test(names_a_virtio_card_by_its_parent),
		cmocka_unit_test(reads_machines),
		cmocka_unit_test(reads_firmware),
		cmocka_unit_test(reads_secure_boot_from_boot_parameters),
		cmocka_unit_test(reads_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
