// SPDX-License-Identifier: GPL-2.0-or-later
/* What a fixed disk of the machine is, and what is none. */
#include "disks/disk_fixed.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/disk.h"
#include "disks/disk_name.h"

#include <string.h>

#define ISO_DESCRIPTOR 32768 /* where an ISO 9660 file system tells what it is */
#define FLOPPY ((uint64_t)2880 * 1024) /* bytes of the largest floppy */

static const char iso_magic[] = "\1CD001";

bool disk_is_boot_medium(const char *root, const char *name)
{
	enum { LABEL = 40, LABEL_SIZE = 32 }; /* padded with blanks */
	char descriptor[LABEL + LABEL_SIZE];
	const size_t length = strlen(P2VD_VOLUME_LABEL);

	if (disk_bytes(root, name, ISO_DESCRIPTOR, descriptor, sizeof(descriptor)) !=
	    sizeof(descriptor))
		return false;
	return !memcmp(descriptor, iso_magic, strlen(iso_magic)) &&
	       !memcmp(descriptor + LABEL, P2VD_VOLUME_LABEL, length) &&
	       (descriptor[LABEL + length] == ' ' || !descriptor[LABEL + length]);
}

static bool holds_cd(const char *root, const char *name)
{
	char magic[sizeof(iso_magic) - 1];

	return disk_bytes(root, name, ISO_DESCRIPTOR, magic, sizeof(magic)) == sizeof(magic) &&
	       !memcmp(magic, iso_magic, sizeof(magic));
}

/* What a device of a management controller says that it is. */
static bool names_controller(const char *text)
{
	static const char *const words[] = {
		"iDRAC",  "iLO",  "Virtual",      "LCDRIVE", "OEMDRV",
		"SECUPD", "IPMI", "Remote Media", "RMM",
	};

	for (size_t i = 0; text && i < COUNT(words); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

bool disk_is_virtual_medium(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/block/%s", name);
	AUTO_FREE char *vendor = sysfs_line(root, "sys/block/%s/device/vendor", name);
	AUTO_FREE char *model = sysfs_line(root, "sys/block/%s/device/model", name);

	/* Hypervisors call what they emulate virtual, too, and mean a disk. */
	if (!link || !strstr(link, "/usb") || (vendor && text_begins(vendor, "VMware")))
		return false;
	if (names_controller(vendor) || names_controller(model))
		return true;
	/* The read-only flag alone will not do: on a disk, it may be our own doing. */
	return sysfs_number(root, 0, "sys/block/%s/ro", name) &&
	       (disk_size(root, name) <= FLOPPY || holds_cd(root, name));
}

/* Under devices/virtual stands what software made, and NVMe's multipath disks. */
static bool is_made_by_software(const char *link)
{
	return link && strstr(link, "/virtual/") && !strstr(link, "/virtual/nvme-subsystem/");
}

static bool is_hardware(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/block/%s", name);

	return disk_name_may_be_fixed(name) && !is_made_by_software(link);
}

/* What keeps it from being a fixed disk, whatever it is made of. */
static const char *flaw(const char *root, const char *name)
{
	if (!disk_size(root, name))
		return "it has no size";
	if (sysfs_number(root, 0, "sys/block/%s/hidden", name))
		return "another device stands for it";
	if (sysfs_number(root, 0, "sys/block/%s/removable", name))
		return "its medium can be removed";
	if (disk_is_virtual_medium(root, name))
		return "a management controller shows it";
	return disk_is_boot_medium(root, name) ? "this image is on it" : NULL;
}

const char *disk_why_not_fixed(const char *root, const char *name)
{
	return is_hardware(root, name) || disk_is_multipath(root, name) ? flaw(root, name) : NULL;
}

bool disk_is_fixed(const char *root, const char *name)
{
	return (is_hardware(root, name) || disk_is_multipath(root, name)) && !flaw(root, name);
}
