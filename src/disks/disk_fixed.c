// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of the machine's disks are fixed ones. */
#include "disks/disk_fixed.h"

#include "base/memory.h"
#include "base/text.h"
#include "disks/disk_name.h"
#include "disks/signature.h"

#include <string.h>

#define FLOPPY ((uint64_t)2880 * 1024) /* bytes of the largest floppy */

/* Whether it has the file system of a CD, with that label (NULL for any). */
static bool is_cd(const char *root, const char *name, const char *label)
{
	struct signature signature;
	bool is = signature_read(&signature, root, name, (char *[]){ "iso9660", NULL }) &&
		  (!label || (signature.label && !strcmp(signature.label, label)));

	signature_clear(&signature);
	return is;
}

bool disk_is_boot_medium(const char *root, const char *name)
{
	return is_cd(root, name, P2VD_VOLUME_LABEL);
}

/* By words in its vendor or model. */
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

bool disk_is_virtual_medium(const char *root, const struct device *device)
{
	const struct disk *disk = &device->disk;

	/* VMware calls its guests' disks virtual, too. */
	if (!device->link || !strstr(device->link, "/usb") ||
	    (disk->vendor && text_begins(disk->vendor, "VMware")))
		return false;
	if (names_controller(disk->vendor) || names_controller(disk->model))
		return true;
	/* The read-only flag alone proves nothing: the image may have set it on a disk. */
	return device->read_only && (disk->size <= FLOPPY || is_cd(root, disk->kernel, NULL));
}

/* What software made is below devices/virtual; so are NVMe disks with several paths. */
static bool is_made_by_software(const char *link)
{
	return link && strstr(link, "/virtual/") && !strstr(link, "/virtual/nvme-subsystem/");
}

const char *disk_why_not_fixed(const char *root, const struct device *device)
{
	if (!device->multipath &&
	    (!disk_name_may_be_fixed(device->disk.kernel) || is_made_by_software(device->link)))
		return "";
	if (!device->disk.size)
		return "it has no size";
	if (device->hidden)
		return "it is a path to another device";
	if (device->removable)
		return "its medium can be removed";
	if (disk_is_virtual_medium(root, device))
		return "a management controller shows it";
	return disk_is_boot_medium(root, device->disk.kernel) ? "this image is on it" : NULL;
}
