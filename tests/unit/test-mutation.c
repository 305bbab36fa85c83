// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading hardware from broken trees: attribute files are cut, garbled, removed or
 * replaced by something else, always in the same way (a fixed seed). Nothing must
 * crash (run it with D=asan, too), and the description must still be well-formed XML.
 */
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "find.h"
#include "fixtures.h"
#include "inventory/hardware.h"
#include "inventory/machine_xml.h"
#include "machine/machine.h"
#include "machine/nics.h"

#include <libxml/parser.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define MUTATIONS 40 /* of each tree, one after the other; with EXTENT=N, N times as many */

static uint32_t seed = 20090814;

static uint32_t roll(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

static char **files;

static int collect(const char *path, const struct stat *about UNUSED, int type,
		   struct FTW *where UNUSED)
{
	if (type == FTW_F || type == FTW_SL)
		list_append(&files, text_copy(path));
	return 0;
}

static void overwrite(const char *path)
{
	static const char *const values[] = {
		"",
		"\n",
		"-1\n",
		"18446744073709551615\n",
		"99999999999999999999999999\n",
		"0-\n",
		"0-8191,0-8191\n",
		"0x\n",
		"MemTotal:",
		"flags:",
		"flags\t:\n",
		":\n:\n",
		"vendor_id : \n",
		"ffffffffffffffff\n",
		"%s%n\n",
	};
	size_t length = roll(2) ? roll(200000) : roll(40);
	FILE *file = fopen(path, "we");

	if (!file)
		return;
	if (roll(3))
		fputs(values[roll(COUNT(values))], file);
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
		if (stat(path, &about) == 0 && S_ISREG(about.st_mode) &&
		    truncate(path, roll(20)) < 0)
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
	disks_find(root, (char *[]){ "/dev/sda", "nvme0n1", NULL }, NULL, &wanted, &wanted_reason);
	disks_clear(&wanted);
	if (nics_find(root, NULL, (char *[]){ "eno1:a", NULL }, nics, &neither) < 0)
		assert_non_null(neither);
}

static void print_all(const char *root, const struct config *config)
{
	FILE *nowhere = fopen("/dev/null", "we");

	assert_non_null(nowhere);
	hardware_print(root, config, NULL, "text", false, nowhere);
	hardware_print(root, config, NULL, "json", false, nowhere);
	fclose(nowhere);
}

static void read_all(const char *root)
{
	static const uint16_t ports[16] = { 1, 2, 3 };
	static const struct config config = { .phys_topo = true };
	struct machine machine;
	struct disks disks;
	struct nics nics;
	AUTO_FREE char *name = NULL, *xml = NULL;
	xmlDoc *document;

	machine_read(root, &machine);
	assert_true(machine.cpus && machine.memory && machine.sockets && machine.cores &&
		    machine.threads);
	read_disks_and_nics(root, &disks, &nics);
	name = machine_guest_name(&machine, NULL);
	assert_in_range(strlen(name), 1, 63);
	assert_in_range(disks.count, 0, 16);
	xml = machine_xml(&machine, &config, name, &disks, ports, &nics);
	document = xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, XML_PARSE_NONET);
	assert_non_null(document);
	xmlFreeDoc(document);
	clock_compare(clock_rtc(root), FIXTURE_LOCAL_TIME_UTC);
	print_all(root, &config);
	nics_clear(&nics);
	disks_clear(&disks);
	machine_clear(&machine);
}

static void break_tree(const struct fixture *fixture)
{
	char *root = fixture_new(fixture->name);

	nftw(root, collect, 16, FTW_PHYS);
	for (int i = 0; i < MUTATIONS; i++) {
		mutate(files[roll((uint32_t)list_length(files))]);
		read_all(root);
	}
	list_free(files);
	files = NULL;
	tree_remove(root);
}

static void bears_broken_trees(void **state)
{
	const char *extent = getenv("EXTENT");
	const long rounds = extent ? strtol(extent, NULL, 10) : 1;

	(void)state;
	for (long round = 0; round < rounds; round++)
		for (size_t i = 0; i < FIXTURES; i++)
			break_tree(&fixtures[i]);
	xmlCleanupParser();
	print_message("%ld mutations of %zu trees\n", rounds * MUTATIONS * (long)FIXTURES,
		      FIXTURES);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(bears_broken_trees) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
