// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * print-xml ROOT [HOSTNAME [CMDLINE]]
 * print-xml --fixture NAME [CMDLINE]
 * print-xml --list
 *
 * Prints the description that p2vd makes of the machine whose sysfs and procfs are
 * under ROOT ("" for this machine), or of the fixture NAME (fixtures.h); or lists the
 * names of all fixtures. For tests/integration/p2vd/test-xml, which gives it to the
 * real virt-v2v. Ports count from 10809.
 */
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/config.h"
#include "find.h"
#include "fixtures.h"
#include "inventory/machine_xml.h"

#include <err.h>
#include <libxml/parser.h>

static char *describe(const char *root, const char *hostname, const struct config *config)
{
	AUTO_FREE char *reason = NULL, *name = NULL;
	AUTO_FREE uint16_t *ports = NULL;
	struct machine machine;
	struct disks disks;
	struct nics nics;
	char *xml;

	if (disks_find(root, config->disks, config->removable, &disks, &reason) < 0 ||
	    nics_find(root, config->interfaces, config->network_map, &nics, &reason) < 0)
		errx(1, "%s", reason);
	machine_read(root, &machine);
	ports = memory_zero(disks.count, sizeof(*ports));
	for (size_t i = 0; i < disks.count; i++)
		ports[i] = (uint16_t)(10809 + i);
	name = config->name ? text_copy(config->name) : machine_guest_name(&machine, hostname);
	xml = machine_xml(&machine, config, name, &disks, ports, &nics);
	machine_clear(&machine);
	nics_clear(&nics);
	disks_clear(&disks);
	return xml;
}

static void print(const char *root, const char *hostname, const char *cmdline)
{
	AUTO_FREE char *xml = NULL;
	struct cmdline words;
	struct config config;

	config_init(&config);
	cmdline_split(&words, cmdline, strlen(cmdline));
	if (config_read(&config, &words) < 0)
		exit(2);
	cmdline_clear(&words);
	xml = describe(root, hostname, &config);
	fputs(xml, stdout);
	config_clear(&config);
	xmlCleanupParser();
}

static void print_fixture(const char *name, const char *cmdline)
{
	const struct fixture *fixture = fixture_find(name);
	char *root = fixture_new(name);

	print(root, fixture->hostname, cmdline);
	tree_remove(root);
}

int main(int count, char **arguments)
{
	if (count == 2 && !strcmp(arguments[1], "--list"))
		for (size_t i = 0; i < FIXTURES; i++)
			puts(fixtures[i].name);
	else if (count > 2 && !strcmp(arguments[1], "--fixture"))
		print_fixture(arguments[2], count > 3 ? arguments[3] : "");
	else if (count > 1 && count < 5)
		print(arguments[1], count > 2 ? arguments[2] : "", count > 3 ? arguments[3] : "");
	else
		errx(2,
		     "usage: print-xml ROOT [HOSTNAME [CMDLINE]] | --fixture NAME [CMDLINE] | --list");
	return 0;
}
