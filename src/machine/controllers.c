// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's storage and network controllers on PCI. */
#include "machine/controllers.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "machine/pci_names.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#define DEVICES "sys/bus/pci/devices"

/* PCI's class codes: two base classes, and two classes of storage in other ones. */
enum {
	BASE_STORAGE = 0x01,
	BASE_NETWORK = 0x02,
	CLASS_SD_HOST = 0x0805,
	CLASS_FIBRE_CHANNEL = 0x0c04,
};

/* The number in an attribute such as "0x010601"; 0 if there is none. */
static unsigned number_of(const char *root, const char *device, const char *attribute)
{
	AUTO_FREE char *text = sysfs_line(root, DEVICES "/%s/%s", device, attribute);

	return text ? (unsigned)strtoul(text, NULL, 16) : 0;
}

static bool is_of_kind(const char *root, const char *device, enum controllers kind)
{
	unsigned class = number_of(root, device, "class") >> 8;

	if (kind == CONTROLLERS_NETWORK)
		return class >> 8 == BASE_NETWORK;
	return class >> 8 == BASE_STORAGE || class == CLASS_SD_HOST || class == CLASS_FIBRE_CHANNEL;
}

/* "Intel Corporation 82574L Gigabit Network Connection (8086:10d3 at 0000:00:02.0)" */
static char *description(const char *root, const char *device, struct pci_names *names)
{
	unsigned vendor = number_of(root, device, "vendor"),
		 model = number_of(root, device, "device");
	AUTO_FREE char *maker = pci_names_vendor(names, vendor);
	AUTO_FREE char *name = pci_names_device(names, vendor, model);

	return text_format("%s%s%s (%04x:%04x at %s)", maker ?: "unknown vendor", name ? " " : "",
			   name ?: "", vendor, model, device);
}

static char *say(enum controllers kind, char *const *driven, char *const *undriven)
{
	const char *what = kind == CONTROLLERS_STORAGE ? "storage" : "network";
	AUTO_FREE char *list = list_join(undriven ? undriven : driven, ", ");

	if (undriven)
		return text_format("no driver in this image supports %s controller %s; add one with p2v-customize --module",
				   what, list);
	if (!driven)
		return text_format("the machine shows no %s controller on PCI: it may be switched off in the firmware's setup",
				   what);
	if (kind == CONTROLLERS_STORAGE)
		return text_format("drivers are there (%s), and no disk answers them: check power and cables, and whether the RAID controller has a volume",
				   list);
	return text_format("drivers are there (%s), and show no card: its firmware may be missing, see 'dmesg' in the shell",
			   list);
}

char *controllers_judge(const char *root, enum controllers kind)
{
	AUTO_LIST char **devices = sysfs_list(root, DEVICES);
	AUTO_LIST char **driven = NULL, **undriven = NULL;
	struct pci_names *names = pci_names_new(root);

	for (char **device = devices; device && *device; device++) {
		AUTO_FREE char *driver = sysfs_link(root, DEVICES "/%s/driver", *device);

		if (!is_of_kind(root, *device, kind))
			continue;
		if (!driver)
			list_append(&undriven, description(root, *device, names));
		else if (!list_contains(driven, basename(driver)))
			list_append(&driven, text_copy(basename(driver)));
	}
	pci_names_free(names);
	return say(kind, driven, undriven);
}

char **controllers_left_out(const char *root)
{
	AUTO_LIST char **devices = sysfs_list(root, DEVICES);
	struct pci_names *names = pci_names_new(root);
	char **sentences = NULL;

	for (char **device = devices; device && *device; device++) {
		AUTO_FREE char *driver = sysfs_link(root, DEVICES "/%s/driver", *device);
		/* Intel's RAID mode puts NVMe disks behind the SATA controller. */
		const uint64_t hidden = sysfs_number(root, 0, DEVICES "/%s/remapped_nvme", *device);
		AUTO_FREE char *what = NULL;

		if (!is_of_kind(root, *device, CONTROLLERS_STORAGE) || (driver && !hidden))
			continue;
		what = description(root, *device, names);
		list_append(&sentences,
			    driver ?
				    text_format("storage controller %s hides %" PRIu64
						" NVMe disks, and they are left out: set it from RAID to AHCI in the firmware's setup to convert them",
						what, hidden) :
				    text_format("no driver in this image supports storage controller %s: disks behind it are left out; add a driver with p2v-customize --module",
						what));
	}
	pci_names_free(names);
	return sentences;
}
