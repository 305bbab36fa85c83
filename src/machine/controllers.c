// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's storage and network controllers on PCI. */
#include "machine/controllers.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "machine/pci_names.h"

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

	switch (kind) {
	case CONTROLLERS_STORAGE:
		return class >> 8 == BASE_STORAGE || class == CLASS_SD_HOST ||
		       class == CLASS_FIBRE_CHANNEL;
	case CONTROLLERS_NETWORK:
		return class >> 8 == BASE_NETWORK;
	}
	return false;
}

/* "Intel Corporation 82574L Gigabit Network Connection (8086:10d3 at 0000:00:02.0)" */
static char *description(const char *root, const char *device, struct pci_names *names)
{
	unsigned vendor = number_of(root, device, "vendor"),
		 model = number_of(root, device, "device");
	AUTO_FREE char *maker = pci_names_vendor(names, vendor);
	AUTO_FREE char *name = pci_names_device(names, vendor, model);

	return text_format("%s%s%s (%04x:%04x at %s)", maker ? maker : "unknown vendor",
			   name ? " " : "", name ? name : "", vendor, model, device);
}

static char *say_undriven(enum controllers kind, char *const *undriven)
{
	AUTO_FREE char *list = list_join(undriven, ", ");

	return text_format("no driver in this image supports %s %s; add one with p2v-customize --module",
			   kind == CONTROLLERS_STORAGE ? "storage controller" :
							 "network controller",
			   list);
}

static char *say_driven(enum controllers kind, char *const *driven)
{
	AUTO_FREE char *list = list_join(driven, ", ");

	if (kind == CONTROLLERS_STORAGE)
		return text_format("drivers are there (%s), and no disk answers them: check power and cables, and whether the RAID controller has a volume",
				   list);
	return text_format("drivers are there (%s), and show no card: its firmware may be missing, see 'dmesg' in the shell",
			   list);
}

static char *say_none(enum controllers kind)
{
	return text_format("the machine shows no %s controller on PCI: it may be switched off in the firmware's setup",
			   kind == CONTROLLERS_STORAGE ? "storage" : "network");
}

char *controllers_judge(const char *root, enum controllers kind)
{
	AUTO_LIST char **devices = sysfs_list(root, DEVICES);
	AUTO_LIST char **driven = NULL, **undriven = NULL;
	struct pci_names *names = pci_names_new(root);

	for (char **device = devices; device && *device; device++) {
		AUTO_FREE char *driver = sysfs_link(root, DEVICES "/%s/driver", *device);
		const char *name = driver ? strrchr(driver, '/') : NULL;

		if (!is_of_kind(root, *device, kind))
			continue;
		if (!driver)
			list_append(&undriven, description(root, *device, names));
		else if (!list_contains(driven, name ? name + 1 : driver))
			list_append(&driven, text_copy(name ? name + 1 : driver));
	}
	pci_names_free(names);
	if (undriven)
		return say_undriven(kind, undriven);
	return driven ? say_driven(kind, driven) : say_none(kind);
}
