/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines made of files: each builder fills a new tree (tree.h) with what the
 * kernel shows of such a machine; their list, with names, is at the end. For unit
 * tests, for print-xml (and so the real virt-v2v), and for the mutation test.
 */
#ifndef TESTS_FIXTURES_H
#define TESTS_FIXTURES_H

#include "base/bytes.h"
#include "base/memory.h"
#include "base/text.h"
#include "tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GIB_SECTORS "2097152\n"
#define AHCI(port) \
	"pci0000:00/0000:00:1f.2/ata" port "/host" port "/target" port ":0:0/" port ":0:0:0"
#define USB(port)                                                                           \
	"pci0000:00/0000:00:14.0/usb1/1-" port "/1-" port ":1.0/host2" port "/target2" port \
	":0:0/2" port ":0:0:0"

struct fixture {
	const char *name;
	const char *hostname;
	void (*build)(const char *root);
};

/* ---- what they are made of -------------------------------------------------- */

static UNUSED void fixture_disk_is(const char *root, const char *name, const char *vendor,
				   const char *model, const char *serial, const char *wwn)
{
	if (vendor)
		tree_set(root, vendor, "sys/block/%s/device/vendor", name);
	if (model)
		tree_set(root, model, "sys/block/%s/device/model", name);
	if (wwn)
		tree_set(root, wwn, "sys/block/%s/device/wwid", name);
	if (serial && !strncmp(name, "nvme", 4)) {
		tree_set(root, serial, "sys/block/%s/device/serial", name);
	} else if (serial) {
		char *page = text_format("sys/block/%s/device/vpd_pg80", name);
		char *bytes = text_format("xxxx%s", serial);

		memcpy(bytes, "\0\x80\0", 3);
		bytes[3] = (char)strlen(serial);
		tree_put_bytes(root, page, bytes, 4 + strlen(serial));
		free(bytes);
		free(page);
	}
	tree_set(root, "512\n", "sys/block/%s/queue/logical_block_size", name);
	tree_set(root, "4096\n", "sys/block/%s/queue/physical_block_size", name);
	tree_set(root, "1\n", "sys/block/%s/queue/rotational", name);
	tree_set(root, "0\n", "sys/block/%s/removable", name);
	tree_set(root, "0\n", "sys/block/%s/ro", name);
}

static UNUSED void fixture_cpus(const char *root, unsigned sockets, unsigned cores,
				unsigned threads, const char *online)
{
	unsigned cpu = 0;
	char *present;

	for (unsigned thread = 0; thread < threads; thread++)
		for (unsigned socket = 0; socket < sockets; socket++)
			for (unsigned core = 0; core < cores; core++)
				tree_cpu(root, cpu++, socket, core);
	present = text_format("0-%u\n", cpu - 1);
	tree_put(root, "sys/devices/system/cpu/present", present);
	tree_put(root, "sys/devices/system/cpu/online", online ? online : present);
	free(present);
	tree_put(root, "proc/cpuinfo",
		 "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz\n"
		 "flags\t\t: fpu pae apic aes\n");
}

static UNUSED void fixture_identity(const char *root, const char *vendor, const char *product,
				    const char *serial, const char *chassis)
{
	tree_put(root, "sys/class/dmi/id/sys_vendor", vendor);
	tree_put(root, "sys/class/dmi/id/product_name", product);
	tree_put(root, "sys/class/dmi/id/product_serial", serial);
	tree_put(root, "sys/class/dmi/id/product_uuid", "4c4c4544-0058-4b10-8032-b7c04f423032\n");
	tree_put(root, "sys/class/dmi/id/chassis_type", chassis);
}

/* A PCI card; @device is a directory of its own under sys/devices. */
static UNUSED void fixture_nic(const char *root, const char *name, const char *index,
			       const char *mac, const char *driver, const char *vendor,
			       const char *device)
{
	char *driver_link = text_format("sys/class/net/%s/device/driver", name);
	char *target = text_format("../../../bus/pci/drivers/%s", driver);

	tree_nic(root, name, index, mac);
	tree_set(root, vendor, "sys/class/net/%s/device/vendor", name);
	tree_set(root, device, "sys/class/net/%s/device/device", name);
	tree_link(root, driver_link, target);
	free(target);
	free(driver_link);
}

static UNUSED void fixture_efi(const char *root, bool secure_boot)
{
	const char variable[] = { 6, 0, 0, 0, (char)secure_boot };

	tree_put(root, "sys/firmware/efi/fw_platform_size", "64\n");
	tree_put_bytes(root,
		       "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
		       variable, sizeof(variable));
}

/* 8 GiB, two processors, one card, ACPI, names of cards: what a fixture does not change. */
static UNUSED void fixture_base(const char *root)
{
	fixture_cpus(root, 1, 2, 1, NULL);
	tree_put(root, "proc/meminfo", "MemTotal:        8388608 kB\nMemFree: 1 kB\n");
	tree_put(root, "sys/firmware/acpi/pm_profile", "4\n");
	tree_put(root, "usr/share/misc/pci.ids",
		 "8086  Intel Corporation\n\t10d3  82574L Gigabit Network Connection\n\t24fd  Wireless 8265 / 8275\n"
		 "14e4  Broadcom Inc. and subsidiaries\n\t165f  NetXtreme BCM5720 Gigabit Ethernet PCIe\n"
		 "15b3  Mellanox Technologies\n\t1003  MT27500 Family [ConnectX-3]\n"
		 "15ad  VMware\n\t07b0  VMXNET3 Ethernet Controller\n"
		 "1af4  Red Hat, Inc.\n\t1000  Virtio network device\n");
}

static UNUSED void fixture_card(const char *root)
{
	fixture_nic(root, "eno1", "2\n", "52:54:00:00:00:01\n", "e1000e", "0x8086\n", "0x10d3\n");
	tree_put(root, "sys/class/net/eno1/carrier", "1\n");
	tree_put(root, "sys/class/net/eno1/speed", "1000\n");
}

/* ---- the DMI table ----------------------------------------------------------- */

struct fixture_table {
	uint8_t bytes[4096];
	size_t length;
};

/* One structure with one string; returns its formatted bytes. */
static UNUSED uint8_t *fixture_structure(struct fixture_table *table, uint8_t type, uint8_t length,
					 uint8_t handle, const char *string)
{
	uint8_t *structure = table->bytes + table->length;

	structure[0] = type;
	structure[1] = length;
	structure[2] = handle;
	memcpy(structure + length, string, strlen(string));
	table->length += length + strlen(string) + 2;
	return structure;
}

static UNUSED void fixture_module(struct fixture_table *table, uint8_t array, const char *slot,
				  uint32_t mib)
{
	uint8_t *module = fixture_structure(table, 17, 0x28, (uint8_t)(0x40 + table->length % 64),
					    slot);

	module[0x04] = array;
	module[0x10] = 1;
	module[0x12] = 0x1a; /* DDR4 */
	module[0x15] = 2400 & 0xff;
	module[0x16] = 2400 >> 8;
	module[0x0c] = mib < 0x7fff ? mib & 0xff : 0xff;
	module[0x0d] = mib < 0x7fff ? (uint8_t)(mib >> 8) : 0x7f;
	for (int i = 0; i < 4 && mib >= 0x7fff; i++)
		module[0x1c + i] = (uint8_t)(mib >> (8 * i));
}

static UNUSED void fixture_array(struct fixture_table *table, uint8_t handle, uint8_t use)
{
	fixture_structure(table, 16, 0x17, handle, "")[5] = use;
}

/* 16 + 4 + 4 GiB, two empty slots, and 16 MiB of flash that is no memory. */
static UNUSED struct fixture_table fixture_memory(void)
{
	struct fixture_table table = { 0 };

	fixture_structure(&table, 0, 0x18, 1, "BIOS");
	fixture_array(&table, 0x10, 3);
	fixture_array(&table, 0x11, 5);
	fixture_module(&table, 0x10, "DIMM_A1", 16384);
	fixture_module(&table, 0x10, "DIMM_A2", 0);
	fixture_module(&table, 0x10, "DIMM_B1", 4096);
	fixture_module(&table, 0x10, "DIMM_B2", 0);
	fixture_module(&table, 0x10, "DIMM_C1", 4096);
	fixture_module(&table, 0x11, "SYSTEM ROM", 16);
	fixture_structure(&table, 127, 4, 0x7f, "");
	return table;
}

/* ---- superblocks ------------------------------------------------------------- */

static UNUSED void fixture_put_number(uint8_t *at, uint64_t value, int size)
{
	for (int i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

/* The CRC of GPT, LVM and DDF (and, with another @polynomial, btrfs), without the last turn. */
#define FIXTURE_CRC32 0xedb88320
#define FIXTURE_CRC32C 0x82f63b78

static UNUSED uint32_t fixture_crc(uint32_t polynomial, uint32_t crc, const uint8_t *bytes,
				   size_t length)
{
	for (size_t i = 0; i < 8 * length; i++) {
		crc ^= i % 8 ? 0 : bytes[i / 8];
		crc = (crc >> 1) ^ (crc & 1 ? polynomial : 0);
	}
	return crc;
}

#define FIXTURE_GIB ((uint64_t)1 << 30)
#define FIXTURE_PARTITION ((uint64_t)204800 * 512)

/* MD, version 1.x: of the array @name with @members, on a partition; the superblock at @offset. */
static UNUSED void fixture_md_at(const char *root, const char *node, const char *name,
				 unsigned members, uint64_t offset)
{
	uint8_t super[256] = { 0 };
	uint64_t sum = 0;

	fixture_put_number(super, 0xa92b4efc, 4);
	fixture_put_number(super + 4, 1, 4);
	memcpy(super + 16, "0123456789abcdef", 16);
	memcpy(super + 32, name, strlen(name));
	fixture_put_number(super + 92, members, 4);
	fixture_put_number(super + 144, offset / 512, 8);
	for (size_t i = 0; i < sizeof(super); i += 4)
		sum += bytes_little_endian(super + i, 4);
	fixture_put_number(super + 216, sum + (sum >> 32), 4);
	tree_put_at(root, node, FIXTURE_PARTITION, offset, super, sizeof(super));
}

/* Version 1.2 of the array "web:0". */
static UNUSED void fixture_md(const char *root, const char *node, unsigned members)
{
	fixture_md_at(root, node, "web:0", members, 4096);
}

/* Version 0.90, at the end. */
static UNUSED void fixture_old_md(const char *root, const char *node, unsigned members)
{
	uint8_t super[4096] = { 0 };

	fixture_put_number(super, 0xa92b4efc, 4);
	fixture_put_number(super + 8, 90, 4);
	fixture_put_number(super + 20, 0x01234567, 4);
	fixture_put_number(super + 40, members, 4);
	fixture_put_number(super + 44, 127, 4);
	tree_put_at(root, node, FIXTURE_PARTITION, FIXTURE_PARTITION - 65536, super, sizeof(super));
}

/* Intel's firmware RAID, on a whole disk. */
static UNUSED void fixture_isw(const char *root, const char *node, uint32_t family,
			       unsigned members)
{
	uint8_t super[512] = "Intel Raid ISM Cfg Sig. 1.3.00";

	fixture_put_number(super + 40, family, 4);
	super[56] = (uint8_t)members;
	tree_put_at(root, node, FIXTURE_GIB, FIXTURE_GIB - 1024, super, sizeof(super));
}

static UNUSED void fixture_put_big_number(uint8_t *at, uint64_t value, int size)
{
	for (int i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> 8 * (size - 1 - i));
}

/* DDF: the anchor in the last sector, the header that it names, and two sectors on, records
 * of @disks disks; 0 for none. */
static UNUSED void fixture_ddf(const char *root, const char *node, const char id[static 24],
			       unsigned disks)
{
	const uint64_t sector = FIXTURE_GIB / 512 - 64;
	uint8_t super[512], records[512] = { 0x22, 0x22, 0x22, 0x22 };

	memset(super, 0xff, sizeof(super));
	memcpy(super, "\xde\x11\xde\x11", 4);
	memcpy(super + 8, id, 24);
	memcpy(super + 32, "01.02.00", 8);
	fixture_put_big_number(super + 96, sector, 8);
	if (disks) {
		fixture_put_big_number(super + 200, 2, 4);
		fixture_put_big_number(records + 8, disks, 2);
		tree_put_at(root, node, FIXTURE_GIB, (sector + 2) * 512, records, sizeof(records));
	}
	tree_put_at(root, node, FIXTURE_GIB, sector * 512, super, sizeof(super));
	tree_put_at(root, node, FIXTURE_GIB, FIXTURE_GIB - 512, super, sizeof(super));
}

/* A disk of bcache, of the set with the id @set. */
static UNUSED void fixture_bcache(const char *root, const char *node, const char set[static 16])
{
	enum { SUM = 8, LENGTH = 208 };
	uint8_t super[512] = { 0 };
	uint64_t crc = ~0ULL;

	fixture_put_number(super + 8, 8, 8);
	fixture_put_number(super + 16, 1, 8);
	memcpy(super + 24, "\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81", 16);
	memcpy(super + 40, node, 4);
	memcpy(super + 56, set, 16);
	for (size_t i = 8 * SUM; i < 8 * LENGTH; i++) {
		crc ^= i % 8 ? 0 : (uint64_t)super[i / 8] << 56;
		crc = crc << 1 ^ (crc >> 63 ? 0x42f0e1eba9ea3693 : 0);
	}
	fixture_put_number(super, ~crc, 8);
	tree_put_at(root, node, FIXTURE_GIB, 4096, super, sizeof(super));
}

/* The header and the database of a Windows dynamic disk, whose group has @disks disks. */
static UNUSED void fixture_ldm_at(const char *root, const char *node, const char *group,
				  unsigned disks, uint64_t header)
{
	const uint64_t database = FIXTURE_GIB / 512 - 2048;
	uint8_t super[512] = "PRIVHEAD", counts[512] = "VMDB";

	memcpy(super + 0xb0, group, strlen(group));
	memcpy(super + 0xf0, "Web-Dg0", 7);
	fixture_put_big_number(super + 0x12b, database, 8);
	fixture_put_big_number(counts + 0x91, disks, 4);
	tree_put_at(root, node, FIXTURE_GIB, header, super, sizeof(super));
	tree_put_at(root, node, FIXTURE_GIB, (database + 17) * 512, counts, sizeof(counts));
}

/* One with an MBR. */
static UNUSED void fixture_ldm(const char *root, const char *node, const char *group,
			       unsigned disks)
{
	uint8_t sector[512] = { 0 };

	sector[446 + 4] = 0x42;
	fixture_put_number(sector + 446 + 8, 63, 4);
	fixture_put_number(sector + 446 + 12, 2000000, 4);
	memcpy(sector + 510, "\x55\xaa", 2);
	tree_put_at(root, node, FIXTURE_GIB, 0, sector, sizeof(sector));
	fixture_ldm_at(root, node, group, disks, 6 * 512);
}

/* btrfs on @devices of them. */
static UNUSED void fixture_btrfs(const char *root, const char *node, unsigned devices)
{
	uint8_t super[4096] = { 0 };

	memcpy(super + 32, "0123456789abcdef", 16);
	fixture_put_number(super + 48, 65536, 8);
	memcpy(super + 64, "_BHRfS_M", 8);
	fixture_put_number(super + 136, devices, 8);
	fixture_put_number(super + 144, 4096, 4);
	memcpy(super + 299, "pool", 4);
	fixture_put_number(super, ~fixture_crc(FIXTURE_CRC32C, ~0U, super + 32, sizeof(super) - 32),
			   4);
	tree_put_at(root, node, FIXTURE_GIB, 65536, super, sizeof(super));
}

/* LVM2: volume number @own of the group vg0, which has two; its text too, unless @bare. */
static UNUSED void fixture_lvm(const char *root, const char *node, int own, bool bare)
{
	static const char text[] =
		"vg0 {\nid = \"AAAAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAAAA\"\nseqno = 1\nphysical_volumes {\n"
		"pv0 {\nid = \"000000-0000-0000-0000-0000-0000-000000\"\ndevice = \"/dev/sda2\"\n}\n"
		"pv1 {\nid = \"111111-1111-1111-1111-1111-1111-111111\"\ndevice = \"/dev/sdb\"\n}\n}\n"
		"logical_volumes {\nroot {\nid = \"BBBBBB\"\n}\n}\n}\n";
	static uint8_t bytes[65536];
	uint8_t *label = bytes + 512, *area = bytes + 4096;

	memset(bytes, 0, sizeof(bytes));
	memcpy(label, "LABELONE", 8);
	fixture_put_number(label + 8, 1, 8);
	fixture_put_number(label + 20, 32, 4);
	memcpy(label + 24, "LVM2 001", 8);
	memset(label + 32, '0' + own, 32);
	fixture_put_number(label + 72, 1 << 20, 8); /* a data area, an end, */
	fixture_put_number(label + 104, bare ? 0 : 4096, 8); /* and one of metadata */
	fixture_put_number(label + 112, 32768, 8);
	memcpy(area + 4, " LVM2 x[5A%r0N*>", 16);
	fixture_put_number(area + 40, 32768 - 64, 8); /* the text goes round the ring's end */
	fixture_put_number(area + 48, strlen(text), 8);
	for (size_t i = 0; i < strlen(text); i++)
		area[i < 64 ? 32768 - 64 + i : 512 + i - 64] = (uint8_t)text[i];
	fixture_put_number(label + 16, fixture_crc(FIXTURE_CRC32, 0xf597a6cf, label + 20, 492), 4);
	tree_put_at(root, node, FIXTURE_PARTITION, 0, bytes, sizeof(bytes));
}

/* ---- machines ---------------------------------------------------------------- */

static UNUSED void fixture_sata(const char *root)
{
	fixture_base(root);
	fixture_identity(root, "LENOVO\n", "ThinkCentre M73\n", "PC01ABCD\n", "3\n");
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	fixture_disk_is(root, "sda", "ATA     \n", "ST3500413AS     \n", "Z1D2QF0B",
			"naa.5000c500a1b2c3d4\n");
	tree_disk(root, "sr0", AHCI("2"), "2097151\n");
	tree_put(root, "sys/block/sr0/removable", "1\n");
	fixture_card(root);
}

static UNUSED void fixture_raid(const char *root)
{
	char name[] = "sda", parent[] = "pci0000:00/0000:02:00.0/host0/target0:2:0/0:2:0:0";

	fixture_base(root);
	fixture_identity(root, "Dell Inc.\n", "PowerEdge R720\n", "7XK2B02\n", "23\n");
	for (; name[2] <= 'h'; name[2]++) {
		char *wwn = text_format("naa.6848f690eca6420021%02x\n", name[2]);

		parent[40] = parent[46] = (char)('0' + name[2] - 'a');
		tree_disk(root, name, parent, GIB_SECTORS);
		fixture_disk_is(root, name, "DELL    \n", "PERC H710P      \n", NULL, wwn);
		free(wwn);
	}
	tree_disk(root, "sdi", USB("1"), "2880\n");
	fixture_disk_is(root, "sdi", "iDRAC   \n", "Virtual Floppy  \n", NULL, NULL);
	tree_put(root, "sys/block/sdi/removable", "1\n");
	tree_disk(root, "sdj", USB("2"), "0\n");
	fixture_disk_is(root, "sdj", "iDRAC   \n", "LCDRIVE         \n", NULL, NULL);
	tree_disk(root, "sdk", USB("3"), "204800\n");
	fixture_disk_is(root, "sdk", "AMI     \n", "Virtual HDisk0  \n", NULL, NULL);
	tree_put(root, "sys/block/sdk/ro", "1\n");
	tree_disk(root, "sr0", AHCI("1"), "2097151\n");
	tree_disk(root, "sr1", USB("4"), "2097151\n");
	fixture_disk_is(root, "sr1", "iDRAC   \n", "Virtual CD      \n", NULL, NULL);
	fixture_nic(root, "eno1", "2\n", "52:54:00:00:00:01\n", "tg3", "0x14e4\n", "0x165f\n");
	fixture_nic(root, "eno2", "3\n", "52:54:00:00:00:02\n", "tg3", "0x14e4\n", "0x165f\n");
}

static UNUSED void fixture_nvme(const char *root)
{
	static const char *const names[] = { "nvme0n1", "nvme0n2", "nvme1n1" };

	fixture_base(root);
	fixture_efi(root, false);
	for (size_t i = 0; i < 3; i++) {
		char *parent = text_format("pci0000:00/0000:00:1d.%zu/0000:0%zu:00.0/nvme/nvme%c",
					   i / 2, 1 + i / 2, names[i][4]);
		char *wwn = text_format("eui.0025385b71b0%04zx\n", i);

		tree_disk(root, names[i], parent, GIB_SECTORS);
		fixture_disk_is(root, names[i], NULL, "Samsung SSD 970 EVO 1TB                 \n",
				i < 2 ? "S4EVNF0M100000A\n" : "S4EVNF0M100000B\n", NULL);
		tree_set(root, wwn, "sys/block/%s/wwid", names[i]);
		tree_set(root, i == 1 ? "2\n" : "1\n", "sys/block/%s/nsid", names[i]);
		tree_set(root, "0\n", "sys/block/%s/queue/rotational", names[i]);
		free(wwn);
		free(parent);
	}
	fixture_card(root);
}

static UNUSED void fixture_cciss(const char *root)
{
	fixture_base(root);
	fixture_identity(root, "HP\n", "ProLiant DL380 G5\n", "CZJ123456X  \n", "23\n");
	tree_disk(root, "cciss!c0d0", "pci0000:00/0000:07:00.0/cciss0/c0d0", GIB_SECTORS);
	tree_disk(root, "cciss!c0d1", "pci0000:00/0000:07:00.0/cciss0/c0d1", GIB_SECTORS);
	tree_disk(root, "sr0", AHCI("1"), "2097151\n");
	fixture_card(root);
}

static UNUSED void fixture_san(const char *root)
{
	static const char *const names[] = { "sda", "sdb", "sdc", "sdd" };

	fixture_base(root);
	for (size_t i = 0; i < 4; i++) {
		char *parent =
			text_format("pci0000:00/0000:05:00.%zu/host%zu/rport-%zu:0-0/target%zu:0:0/%zu:0:0:%zu",
				    i / 2, i / 2, i / 2, i / 2, i / 2, i % 2);
		char *wwn = text_format("naa.60060160a0b0c0d00000000000000%03zu\n", i % 2);

		tree_disk(root, names[i], parent, GIB_SECTORS);
		fixture_disk_is(root, names[i], "DGC     \n", "VRAID           \n",
				i % 2 ? "CKM1" : "CKM0", wwn);
		tree_set(root, "running\n", "sys/block/%s/device/state", names[i]);
		tree_set(root, (i / 2) ^ (i % 2) ? "active/optimized\n" : "standby\n",
			 "sys/block/%s/device/access_state", names[i]);
		free(wwn);
		free(parent);
	}
	fixture_card(root);
}

static UNUSED void fixture_multipath(const char *root)
{
	fixture_san(root);
	tree_disk(root, "dm-0", "virtual", GIB_SECTORS);
	tree_put(root, "sys/block/dm-0/dm/uuid", "mpath-360060160a0b0c0d00000000000000000\n");
	tree_put(root, "sys/block/dm-0/dm/name", "mpatha\n");
	tree_link(root, "sys/block/dm-0/slaves/sda", "../../../../pci0000:00");
	tree_link(root, "sys/block/dm-0/slaves/sdc", "../../../../pci0000:00");
}

/* 40 LUNs of a storage network, each by 16 paths of Fibre Channel: sda to sdxp. */
#define FIXTURE_LUNS 40
#define FIXTURE_PATHS 16

static UNUSED void fixture_paths(const char *root)
{
	for (unsigned i = 0; i < FIXTURE_LUNS * FIXTURE_PATHS; i++) {
		const unsigned path = i / FIXTURE_LUNS, lun = i % FIXTURE_LUNS;
		char *parent =
			text_format("pci0000:00/0000:05:00.%u/host%u/rport-%u:0-%u/target%u:0:%u/%u:0:%u:%u",
				    path / 8, path / 8, path / 8, path % 8, path / 8, path % 8,
				    path / 8, path % 8, lun);
		char *wwn = text_format("naa.60060160a0b0c0d0%016x\n", lun + 1);
		char name[] = { 's', 'd', (char)('a' + i / 26 - 1), (char)('a' + i % 26), 0 };

		if (i < 26)
			name[2] = name[3], name[3] = 0;
		tree_disk(root, name, parent, GIB_SECTORS);
		fixture_disk_is(root, name, "DGC     \n", "VRAID           \n", "CKM00123456", wwn);
		tree_set(root, "running\n", "sys/block/%s/device/state", name);
		tree_set(root, path == lun % FIXTURE_PATHS ? "active/optimized\n" : "standby\n",
			 "sys/block/%s/device/access_state", name);
		free(wwn);
		free(parent);
	}
}

static UNUSED void fixture_emmc(const char *root)
{
	const char *const host = "platform/80860F14:00/mmc_host/mmc0/mmc0:0001";

	fixture_base(root);
	fixture_efi(root, true);
	tree_put(root, "sys/class/tpm/tpm0/tpm_version_major", "2\n");
	tree_disk(root, "mmcblk0", host, GIB_SECTORS);
	tree_put(root, "sys/block/mmcblk0/device/name", "HBG4a2\n");
	tree_put(root, "sys/block/mmcblk0/device/type", "MMC\n");
	tree_put(root, "sys/block/mmcblk0/device/serial", "0x12345678\n");
	tree_disk(root, "mmcblk0boot0", host, "8192\n");
	tree_disk(root, "mmcblk0boot1", host, "8192\n");
	tree_put(root, "sys/block/mmcblk0boot0/ro", "1\n");
	fixture_card(root);
}

static UNUSED void fixture_xen(const char *root)
{
	fixture_base(root);
	fixture_identity(root, "Xen\n", "HVM domU\n", "c0ffee00-0058-4b10-8032-b7c04f423032\n",
			 "1\n");
	tree_disk(root, "xvda", "vbd-51712", GIB_SECTORS);
	tree_disk(root, "xvdb", "vbd-51728", GIB_SECTORS);
	tree_disk(root, "xvdd", "vbd-51760", GIB_SECTORS);
	tree_put(root, "sys/block/xvdd/removable", "1\n");
	tree_nic(root, "eth0", "2\n", "00:16:3e:00:00:01\n");
	tree_link(root, "sys/class/net/eth0/device/driver", "../../bus/xen/drivers/vif");
}

static UNUSED void fixture_vmware(const char *root)
{
	fixture_base(root);
	fixture_identity(root, "VMware, Inc.\n", "VMware Virtual Platform\n",
			 "VMware-56 4d 1f 2e 3d 4c 5b 6a-79 88 97 a6 b5 c4 d3 e2\n", "1\n");
	tree_disk(root, "sda", "pci0000:00/0000:00:15.0/0000:03:00.0/host0/target0:0:0/0:0:0:0",
		  GIB_SECTORS);
	fixture_disk_is(root, "sda", "VMware  \n", "Virtual disk    \n", NULL,
			"naa.6000c29e1b2c3d4e5f60718293a4b5c6\n");
	tree_disk(root, "sdb", "pci0000:00/0000:00:15.0/0000:03:00.0/host0/target0:0:1/0:0:1:0",
		  GIB_SECTORS);
	fixture_disk_is(root, "sdb", "VMware  \n", "Virtual disk    \n", NULL,
			"naa.6000c29e1b2c3d4e5f60718293a4b5c7\n");
	tree_disk(root, "sr0", AHCI("2"), "2097151\n");
	fixture_nic(root, "ens192", "2\n", "00:0c:29:00:00:01\n", "vmxnet3", "0x15ad\n",
		    "0x07b0\n");
}

static UNUSED void fixture_hyperv(const char *root)
{
	const char *const bus =
		"LNXSYSTM:00/LNXSYBUS:00/ACPI0004:00/VMBUS:00/f8b3781a/host0/target0:0:0/0:0:0:0";

	fixture_base(root);
	fixture_efi(root, false);
	fixture_identity(root, "Microsoft Corporation\n", "Virtual Machine\n",
			 "4301-2417-5514-1234-0034-6183-26\n", "3\n");
	tree_disk(root, "sda", bus, GIB_SECTORS);
	fixture_disk_is(root, "sda", "Msft    \n", "Virtual Disk    \n", NULL,
			"naa.60022480a1b2c3d4e5f60718293a4b5c\n");
	tree_disk(root, "sr0", bus, "2097151\n");
	tree_disk(root, "fd0", "platform/floppy.0", "8\n");
	tree_put(root, "sys/block/fd0/removable", "1\n");
	tree_nic(root, "eth0", "2\n", "00:15:5d:00:00:01\n");
	tree_put(root, "sys/class/net/eth0/device/vendor", "0x1414\n");
	tree_link(root, "sys/class/net/eth0/device/driver", "../../bus/vmbus/drivers/hv_netvsc");
}

/* Two cards in a bond, a VLAN and a bridge above it, InfiniBand, radio, a VPN's end. */
static UNUSED void fixture_network(const char *root)
{
	static const char *const above[][2] = {
		{ "bond0", "52:54:00:00:00:01\n" },
		{ "bond0.7", "52:54:00:00:00:01\n" },
		{ "br0", "52:54:00:00:00:01\n" },
		{ "tun0", "\n" },
	};

	fixture_base(root);
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	fixture_card(root);
	fixture_nic(root, "eno2", "3\n", "52:54:00:00:00:01\n", "e1000e", "0x8086\n", "0x10d3\n");
	tree_put(root, "sys/class/net/eno1/bonding_slave/perm_hwaddr", "52:54:00:00:00:01\n");
	tree_put(root, "sys/class/net/eno2/bonding_slave/perm_hwaddr", "52:54:00:00:00:02\n");
	tree_put(root, "sys/class/net/eno2/carrier", "0\n");
	tree_put(root, "sys/class/net/eno2/speed", "-1\n");
	fixture_nic(root, "wlp3s0", "4\n", "52:54:00:00:00:03\n", "iwlwifi", "0x8086\n",
		    "0x24fd\n");
	tree_put(root, "sys/class/net/wlp3s0/phy80211/index", "0\n");
	fixture_nic(root, "ibp4s0", "5\n",
		    "80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1\n", "ib_ipoib",
		    "0x15b3\n", "0x1003\n");
	tree_put(root, "sys/class/net/ibp4s0/type", "32\n");
	for (size_t i = 0; i < COUNT(above); i++) {
		tree_set(root, i == 3 ? "65534\n" : "1\n", "sys/class/net/%s/type", above[i][0]);
		tree_set(root, above[i][1], "sys/class/net/%s/address", above[i][0]);
		tree_set(root, "20\n", "sys/class/net/%s/ifindex", above[i][0]);
	}
	tree_put(root, "sys/class/net/lo/type", "772\n");
	tree_put(root, "sys/class/net/bonding_masters", "bond0\n");
}

/* 2 sockets of 14 cores of 2 threads, five processors off line. */
static UNUSED void fixture_processors(const char *root)
{
	fixture_base(root);
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	fixture_cpus(root, 2, 14, 2, "0-50\n");
	fixture_card(root);
}

/* 24 GiB in unlike modules; the kernel itself has less. */
static UNUSED void fixture_modules(const char *root)
{
	struct fixture_table table = fixture_memory();

	fixture_base(root);
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	tree_put(root, "proc/meminfo", "MemTotal:       24605188 kB\n");
	tree_put_bytes(root, "sys/firmware/dmi/tables/DMI", table.bytes, table.length);
	fixture_card(root);
}

/* The same modules, of which the kernel has half. */
static UNUSED void fixture_mirrored(const char *root)
{
	fixture_modules(root);
	tree_put(root, "proc/meminfo", "MemTotal:       12302594 kB\n");
}

/* What management controllers show over USB: media that claim to be fixed, and a card. */
static UNUSED void fixture_management(const char *root)
{
	static const char *const media[][3] = {
		{ "sdb", "Linux   \n", "File-Stor Gadget\n" },
		{ "sdc", "Cisco   \n", "vKVM-Mapped vHDD\n" },
		{ "sdd", "Lenovo  \n", "XCC Remote Disk \n" },
		{ "sde", "DELL    \n", "VIRTUALFLOPPY   \n" },
		{ "sdf", "PiKVM   \n", "Flash Drive     \n" },
		{ "sdg", "Cisco   \n", "CIMC-Mapped vHDD\n" },
	};

	fixture_base(root);
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	fixture_disk_is(root, "sda", "ATA     \n", "ST3500413AS     \n", "Z1D2QF0B", NULL);
	for (size_t i = 0; i < COUNT(media); i++) {
		char parent[] = USB("0");

		for (char *c = parent; (c = strchr(c, '0')); c++)
			if (c > strstr(parent, "usb1"))
				*c = (char)('1' + i);
		tree_disk(root, media[i][0], parent, "204800\n");
		fixture_disk_is(root, media[i][0], media[i][1], media[i][2], NULL, NULL);
	}
	tree_disk(root, "sdh", USB("9"), GIB_SECTORS); /* a real one */
	fixture_disk_is(root, "sdh", "WD      \n", "Elements 25A2   \n", "WX1", NULL);
	fixture_card(root);
	fixture_nic(root, "idrac", "3\n", "d0:94:66:00:00:01\n", "cdc_ether", "0x0000\n",
		    "0x0000\n");
	tree_put(root, "sys/class/net/idrac/device/bInterfaceNumber", "00\n");
	tree_put(root, "sys/class/net/idrac/idVendor", "413c\n");
	tree_put(root, "sys/class/net/idrac/idProduct", "a102\n");
	tree_put(root, "sys/class/net/idrac/product", "iDRAC Virtual NIC USB Device\n");
}

static UNUSED void fixture_bios(const char *root)
{
	fixture_base(root);
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	tree_put(root, "sys/class/tpm/tpm0/tpm_version_major", "1\n");
	fixture_card(root);
}

static UNUSED void fixture_uefi(const char *root)
{
	fixture_bios(root);
	fixture_efi(root, false);
}

static UNUSED void fixture_secure_boot(const char *root)
{
	fixture_bios(root);
	fixture_efi(root, true);
}

/* 14:30:00 on 2026-11-21 in a zone where UTC is two hours earlier. */
static UNUSED void fixture_local_time(const char *root)
{
	fixture_bios(root);
	tree_put(root, "sys/class/rtc/rtc0/date", "2026-11-21\n");
	tree_put(root, "sys/class/rtc/rtc0/time", "14:30:00\n");
}

#define FIXTURE_LOCAL_TIME_UTC 1795264200 /* 12:30:00 then */

/* From before SATA: the disk of an old kernel's name, and one whose IDENTIFY tells of no SATA. */
static UNUSED void fixture_old(const char *root)
{
	tree_disk(root, "hda", "pci0000:00/0000:00:1f.1/ide0/0.0", GIB_SECTORS);
	tree_put(root, "proc/meminfo", "MemTotal:       524288 kB\n");
	tree_put(root, "proc/cpuinfo",
		 "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu\n");
	tree_nic(root, "eth0", "2\n", "00:00:00:00:00:00\n");
}

static UNUSED void fixture_pata(const char *root)
{
	char words[256 * 5 + 1];

	fixture_base(root);
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	for (size_t i = 0; i < 256; i++)
		memcpy(words + 5 * i, i == 76 ? "0000 " : "1234 ", 6);
	tree_put(root, "sys/class/ata_device/dev1.0/id", words);
	fixture_card(root);
}

/* Disks of every other name, one of them with sectors of 4096 bytes. */
static UNUSED void fixture_names(const char *root)
{
	fixture_base(root);
	tree_disk(root, "sda", "pci0000:00/0000:00:03.0/virtio0/host0/target0:0:0/0:0:0:0",
		  GIB_SECTORS);
	tree_put(root, "sys/block/sda/queue/logical_block_size", "4096\n");
	tree_put(root, "sys/block/sda/queue/physical_block_size", "4096\n");
	tree_put(root, "sys/block/sda/sda1/partition", "1\n");
	tree_disk(root, "vda", "pci0000:00/0000:00:04.0/virtio1", GIB_SECTORS);
	tree_disk(root, "pmem0", "LNXSYSTM:00/ACPI0012:00/ndbus0/region0/namespace0.0",
		  GIB_SECTORS);
	tree_disk(root, "ubda", "platform/uml-blkdev.0", GIB_SECTORS);
	tree_disk(root, "dasda", "css0/0.0.0002/0.0.0200", GIB_SECTORS);
	tree_disk(root, "loop0", "virtual", GIB_SECTORS);
	tree_disk(root, "ram0", "virtual", GIB_SECTORS);
	tree_disk(root, "zram0", "virtual", GIB_SECTORS);
	tree_disk(root, "md0", "virtual", GIB_SECTORS);
	fixture_card(root);
}

/* An array on two partitions, a volume group on the third and on a whole disk. */
static UNUSED void fixture_sets(const char *root)
{
	static const char *const partitions[][2] = { { "sda", "sda1" },
						     { "sda", "sda2" },
						     { "sdc", "sdc1" } };

	fixture_base(root);
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	tree_disk(root, "sdb", AHCI("2"), GIB_SECTORS);
	tree_disk(root, "sdc", AHCI("3"), GIB_SECTORS);
	for (size_t i = 0; i < 3; i++) {
		tree_set(root, "1\n", "sys/block/%s/%s/partition", partitions[i][0],
			 partitions[i][1]);
		tree_set(root, "204800\n", "sys/block/%s/%s/size", partitions[i][0],
			 partitions[i][1]);
	}
	fixture_md(root, "dev/sda1", 2);
	fixture_md(root, "dev/sdc1", 2);
	fixture_lvm(root, "dev/sda2", 0, false);
	fixture_lvm(root, "dev/sdb", 1, true);
	fixture_card(root);
}

/* Two disks under one dm device that the kernel has assembled. */
static UNUSED void fixture_assembled(const char *root)
{
	fixture_base(root);
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	tree_disk(root, "sdb", AHCI("2"), GIB_SECTORS);
	tree_put(root, "sys/block/sdb/sdb1/partition", "1\n");
	tree_disk(root, "dm-0", "virtual", GIB_SECTORS);
	tree_put(root, "sys/block/dm-0/dm/name", "vg0-root\n");
	tree_put(root, "sys/block/dm-0/dm/uuid", "LVM-x\n");
	tree_link(root, "sys/block/dm-0/slaves/sda", "../../../../pci0000:00");
	tree_link(root, "sys/block/dm-0/slaves/sdb1", "../../../../pci0000:00");
	fixture_card(root);
}

/* An NVMe system disk beside two SATA ones: the guest counts differently. */
static UNUSED void fixture_mixed(const char *root)
{
	fixture_nvme(root);
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	tree_disk(root, "sdb", AHCI("2"), GIB_SECTORS);
}

/*
 * Eight disks that the kernel has found in another order than they hang in: SAS
 * by phy, NVMe by slot and namespace, SATA by port, USB. Their serial numbers
 * count in the order of their places; @names are what the kernel calls them.
 */
#define FIXTURE_ORDER                                                                        \
	((const char *const[]){ "sde", "sdd", "nvme1n1", "nvme1n2", "nvme0n1", "sdb", "sda", \
				"sdc" })
#define FIXTURE_ORDER_SAS "pci0000:00/0000:00:03.0/0000:05:00.0/host6/port-6:"

static UNUSED void fixture_order_as(const char *root, const char *const names[static 8])
{
	static const char *const places[] = {
		FIXTURE_ORDER_SAS "1/end_device-6:1/target6:0:1/6:0:1:0",
		FIXTURE_ORDER_SAS "0/end_device-6:0/target6:0:0/6:0:0:0",
		"pci0000:00/0000:00:1d.0/0000:0a:00.0/nvme/nvme1",
		"pci0000:00/0000:00:1d.0/0000:0a:00.0/nvme/nvme1",
		"pci0000:00/0000:00:1d.1/0000:10:00.0/nvme/nvme0",
		AHCI("2"),
		AHCI("10"),
		USB("1"),
	};

	fixture_base(root);
	tree_put(root, "sys/class/sas_device/end_device-6:0/phy_identifier", "10\n");
	tree_put(root, "sys/class/sas_device/end_device-6:1/phy_identifier", "9\n");
	for (size_t i = 0; i < 8; i++) {
		char serial[] = { (char)('1' + i), 0 };

		tree_disk(root, names[i], places[i], GIB_SECTORS);
		fixture_disk_is(root, names[i], NULL, "Disk\n", serial, NULL);
		if (!strncmp(names[i], "nvme", 4))
			tree_set(root, i == 3 ? "10\n" : "2\n", "sys/block/%s/nsid", names[i]);
	}
	fixture_card(root);
}

static UNUSED void fixture_order(const char *root)
{
	fixture_order_as(root, FIXTURE_ORDER);
}

/* ---- what the firmware starts from ------------------------------------------- */

/* A GPT whose partition number 2 has the GUID @guid and the type @kind, on a disk with sectors
 * of @sector bytes. */
static UNUSED void fixture_gpt_kind(const char *root, const char *node, const char guid[static 16],
				    const char kind[static 16], unsigned sector)
{
	const uint64_t last = FIXTURE_GIB / sector - 1;
	static uint8_t bytes[16384 + 2 * 4096];
	uint8_t *header = bytes + sector, *entries = bytes + 2 * (size_t)sector;
	uint8_t *entry = entries + 128;

	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes + 446, "\0\0\2\0\xee\xff\xff\xff\1\0\0\0\xff\xff\xff\xff", 16);
	memcpy(bytes + 510, "\x55\xaa", 2);
	memcpy(entry, kind, 16);
	memcpy(entry + 16, guid, 16);
	fixture_put_number(entry + 32, 2048, 8);
	fixture_put_number(entry + 40, 4095, 8);
	memcpy(header, "EFI PART\0\0\1\0\x5c", 13);
	fixture_put_number(header + 24, 1, 8);
	fixture_put_number(header + 32, last, 8);
	fixture_put_number(header + 40, 2 + 16384 / sector, 8);
	fixture_put_number(header + 48, last - 1 - 16384 / sector, 8);
	memset(header + 56, 'D', 16);
	fixture_put_number(header + 72, 2, 8);
	fixture_put_number(header + 80, 128, 4);
	fixture_put_number(header + 84, 128, 4);
	fixture_put_number(header + 88, ~fixture_crc(FIXTURE_CRC32, ~0U, entries, 16384), 4);
	fixture_put_number(header + 16, ~fixture_crc(FIXTURE_CRC32, ~0U, header, 92), 4);
	tree_put_at(root, node, FIXTURE_GIB, 0, bytes, 16384 + 2 * (size_t)sector);
}

static UNUSED void fixture_gpt_of(const char *root, const char *node, const char guid[static 16],
				  unsigned sector)
{
	fixture_gpt_kind(root, node, guid, "a kind of ours..", sector);
}

static UNUSED void fixture_gpt(const char *root, const char *node, const char guid[static 16])
{
	fixture_gpt_of(root, node, guid, 512);
}

struct fixture_option {
	uint8_t bytes[256];
	size_t length;
};

/* A Boot#### as in efivarfs: through a PCI device, to partition 2 of that GUID, to a file. */
static UNUSED struct fixture_option fixture_boot_option(const char guid[static 16])
{
	static const uint8_t head[] = { 7, 0, 0, 0, 1, 0, 0, 0, 6 + 42 + 8 + 4, 0, 'd', 0, 0, 0 };
	struct fixture_option option = { .length = sizeof(head) + head[8] };
	uint8_t *at = memcpy(option.bytes, head, sizeof(head));

	at += sizeof(head);
	memcpy(at, (uint8_t[]){ 1, 1, 6, 0, 0, 0x1f }, 6);
	at += 6;
	memcpy(at, (uint8_t[]){ 4, 1, 42, 0, 2 }, 5);
	memcpy(at + 24, guid, 16);
	at[40] = at[41] = 2;
	at += 42;
	memcpy(at, (uint8_t[]){ 4, 4, 8, 0, 'x', 0, 0, 0, 0x7f, 0xff, 4, 0 }, 12);
	return option;
}

#define FIXTURE_EFI_VARIABLE(name) \
	"sys/firmware/efi/efivars/" name "-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* UEFI starts a network card first, then the second disk's system. */
static UNUSED void fixture_boot_uefi(const char *root)
{
	static const uint8_t order[] = { 7, 0, 0, 0, 3, 0, 0x1a, 0, 1, 0 },
			     network[] = { 7, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 0x7f, 0xff, 4, 0 };
	struct fixture_option first = fixture_boot_option("second disk's id"),
			      last = fixture_boot_option("first disk's id.");

	fixture_base(root);
	fixture_efi(root, false);
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	tree_disk(root, "sdb", AHCI("2"), GIB_SECTORS);
	fixture_gpt(root, "dev/sda", "first disk's id.");
	fixture_gpt(root, "dev/sdb", "second disk's id");
	tree_put_bytes(root, FIXTURE_EFI_VARIABLE("BootOrder"), order, sizeof(order));
	tree_put_bytes(root, FIXTURE_EFI_VARIABLE("Boot0003"), network, sizeof(network));
	tree_put_bytes(root, FIXTURE_EFI_VARIABLE("Boot001A"), first.bytes, first.length);
	tree_put_bytes(root, FIXTURE_EFI_VARIABLE("Boot0001"), last.bytes, last.length);
	fixture_card(root);
}

/* A BIOS that was started from our stick, 80h, and else starts from the second disk, 81h. */
static UNUSED void fixture_boot_bios(const char *root)
{
	uint8_t bytes[512] = { 0 };

	fixture_base(root);
	tree_disk(root, "sda", AHCI("1"), GIB_SECTORS);
	tree_disk(root, "sdb", AHCI("2"), GIB_SECTORS);
	tree_put_bytes(root, "dev/sda", bytes, sizeof(bytes));
	fixture_put_number(bytes + 440, 0x1234abcd, 4);
	tree_put_bytes(root, "dev/sdb", bytes, sizeof(bytes));
	tree_put(root, "sys/firmware/edd/int13_dev80/mbr_signature", "0x00005678\n");
	tree_put(root, "sys/firmware/edd/int13_dev81/mbr_signature", "0x1234abcd\n");
	tree_put(root, "sys/firmware/edd/int13_dev82/mbr_signature", "0x00000000\n");
	fixture_card(root);
}

static UNUSED const struct fixture fixtures[] = {
	{ "sata", "pc7.example.com", fixture_sata },
	{ "raid", "db7.example.com", fixture_raid },
	{ "nvme", "localhost", fixture_nvme },
	{ "cciss", "p2v", fixture_cciss },
	{ "san", "san1", fixture_san },
	{ "multipath", "san1", fixture_multipath },
	{ "emmc", "", fixture_emmc },
	{ "xen", "domu", fixture_xen },
	{ "vmware", "192.0.2.7", fixture_vmware },
	{ "hyperv", "Win_Host.example.com", fixture_hyperv },
	{ "network", "gate", fixture_network },
	{ "processors", "big", fixture_processors },
	{ "modules", "mem", fixture_modules },
	{ "mirrored", "mirrored", fixture_mirrored },
	{ "management", "management", fixture_management },
	{ "bios", "bios", fixture_bios },
	{ "uefi", "uefi", fixture_uefi },
	{ "secure-boot", "secure", fixture_secure_boot },
	{ "local-time", "clock", fixture_local_time },
	{ "old", "localhost.localdomain", fixture_old },
	{ "pata", "pata", fixture_pata },
	{ "names", "names", fixture_names },
	{ "sets", "sets", fixture_sets },
	{ "assembled", "assembled", fixture_assembled },
	{ "mixed", "mixed", fixture_mixed },
	{ "order", "order", fixture_order },
	{ "boot-uefi", "boot-uefi", fixture_boot_uefi },
	{ "boot-bios", "boot-bios", fixture_boot_bios },
};

#define FIXTURES COUNT(fixtures)

static UNUSED const struct fixture *fixture_find(const char *name)
{
	for (size_t i = 0; i < FIXTURES; i++)
		if (!strcmp(fixtures[i].name, name))
			return &fixtures[i];
	return NULL;
}

/* The tree of that machine; the caller gives it to tree_remove(). */
static UNUSED char *fixture_new(const char *name)
{
	const struct fixture *fixture = fixture_find(name);
	char *root = tree_new();

	if (!fixture)
		errx(1, "no fixture '%s'", name);
	fixture->build(root);
	return root;
}

#endif
