// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hardware's readers on broken trees: attribute files cut, garbled, gone,
 * or turned into something else, always in the same way (a fixed seed). They
 * must not crash (run it with D=asan, too), and what they read must still make
 * a description that is well formed.
 */
#include "cleanup.h"
#include "disks.h"
#include "machine.h"
#include "machine_xml.h"
#include "nics.h"
#include "tree.h"

#include <libxml/parser.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define TREES 12
#define MUTATIONS 40 /* of one tree, one upon another */

static uint32_t seed = 20090814;

static uint32_t roll(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

static char *build(void)
{
	char *root = tree_new();

	tree_disk(root, "sda", "pci0000:00/ata1/host0/0:0:0:0", "2048\n");
	tree_put(root, "sys/block/sda/device/model", "ST3500\n");
	tree_put_bytes(root, "sys/block/sda/device/vpd_pg80", "\0\x80\0\x08Z1D2QF0B", 12);
	tree_put(root, "sys/block/sda/queue/logical_block_size", "512\n");
	tree_put(root, "sys/block/sda/removable", "0\n");
	tree_put(root, "dev/sda", "not an ISO 9660 file system");
	tree_disk(root, "nvme0n1", "pci0000:00/nvme/nvme0", "4096\n");
	tree_put(root, "sys/block/nvme0n1/device/serial", "S4EV\n");
	tree_put(root, "sys/block/nvme0n1/hidden", "0\n");
	tree_disk(root, "sr0", "pci0000:00/ata2/host1/1:0:0:0", "1\n");
	tree_nic(root, "eno1", "2\n", "52:54:00:00:00:01\n");
	tree_nic(root, "eno2", "3\n", "52:54:00:00:00:02\n");
	tree_put(root, "sys/class/net/eno1/uevent", "INTERFACE=eno1\n");
	for (unsigned i = 0; i < 8; i++)
		tree_cpu(root, i, i / 4, i / 2);
	tree_put(root, "sys/devices/system/cpu/online", "0-7\n");
	tree_put(root, "sys/devices/system/cpu/present", "0-7\n");
	tree_put(root, "sys/devices/system/memory/block_size_bytes", "8000000\n");
	tree_put(root, "sys/devices/system/memory/memory0/online", "1\n");
	tree_put(root, "sys/class/dmi/id/sys_vendor", "Acme\n");
	tree_put(root, "sys/class/dmi/id/product_serial", "7XK2B02\n");
	tree_put(root, "proc/meminfo", "MemTotal:       24605188 kB\n");
	tree_put(root, "proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu pae apic aes\n");
	return root;
}

static char **files;

static int collect(const char *path, const struct stat *about UNUSED, int type, struct FTW *where UNUSED)
{
	if (type == FTW_F || type == FTW_SL)
		list_append(&files, text_copy(path));
	return 0;
}

static void overwrite(const char *path)
{
	static const char *const values[] = {
		"", "\n", "-1\n", "18446744073709551615\n", "99999999999999999999999999\n", "0-\n", "0-8191,0-8191\n",
		"0x\n", "MemTotal:", "flags:", "flags\t:\n", ":\n:\n", "vendor_id : \n", "ffffffffffffffff\n", "%s%n\n",
	};
	size_t length = roll(2) ? roll(200000) : roll(40);
	FILE *file = fopen(path, "we");

	if (!file)
		return;
	if (roll(3))
		fputs(values[roll(sizeof(values) / sizeof *values)], file);
	else
		while (length--)
			fputc((int)roll(256), file);
	fclose(file);
}

static void mutate(const char *path)
{
	struct stat about;

	switch (roll(8)) {
	case 0:
		unlink(path);
		break;
	case 1:
		if (unlink(path) == 0 && mkdir(path, 0755) < 0)
			err(1, "%s", path);
		break;
	case 2:
		if (unlink(path) == 0 && symlink(path, path) < 0)
			err(1, "%s", path);
		break;
	case 3:
		if (unlink(path) == 0 && mkfifo(path, 0644) < 0)
			err(1, "%s", path);
		break;
	case 4:
		if (stat(path, &about) == 0 && S_ISREG(about.st_mode) && truncate(path, roll(20)) < 0)
			err(1, "%s", path);
		break;
	default:
		if (stat(path, &about) == 0 && S_ISREG(about.st_mode))
			overwrite(path);
	}
}

static void read_disks_and_nics(const char *root, struct disks *disks, struct nics *nics)
{
	AUTO_FREE char *why_not = NULL, *neither = NULL, *wanted_reason = NULL;
	struct disks wanted;

	disks_find(root, NULL, NULL, disks, &why_not);
	assert_true((disks->count == 0) == (why_not != NULL));
	if (disks_find(root, (char *[]){"/dev/sda", "nvme0n1", NULL}, NULL, &wanted, &wanted_reason) == 0)
		disks_clear(&wanted);
	if (nics_find(root, NULL, (char *[]){"eno1:a", NULL}, nics, &neither) < 0)
		assert_non_null(neither);
}

static void read_all(const char *root)
{
	static const uint16_t ports[16] = {1, 2, 3};
	static const struct config config = {.phys_topo = true};
	struct machine machine;
	struct disks disks;
	struct nics nics;
	AUTO_FREE char *name = NULL, *xml = NULL;
	xmlDoc *document;

	machine_read(root, &machine);
	assert_true(machine.cpus && machine.memory && machine.sockets && machine.cores && machine.threads);
	read_disks_and_nics(root, &disks, &nics);
	name = machine_guest_name(&machine, NULL);
	assert_in_range(strlen(name), 1, 63);
	assert_in_range(disks.count, 0, 16);
	xml = machine_xml(&machine, &config, name, &disks, ports, &nics);
	document = xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, XML_PARSE_NONET);
	assert_non_null(document);
	xmlFreeDoc(document);
	nics_clear(&nics);
	disks_clear(&disks);
	machine_clear(&machine);
}

static void bears_broken_trees(void **state)
{
	(void)state;
	for (int tree = 0; tree < TREES; tree++) {
		char *root = build();

		nftw(root, collect, 16, FTW_PHYS);
		for (int i = 0; i < MUTATIONS; i++) {
			mutate(files[roll((uint32_t)list_length(files))]);
			read_all(root);
		}
		list_free(files);
		files = NULL;
		tree_remove(root);
	}
	xmlCleanupParser();
	print_message("%d mutations of %d trees\n", TREES * MUTATIONS, TREES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(bears_broken_trees)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
