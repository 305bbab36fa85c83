// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of the machine's disks are fixed ones. */
#include "disks/disk_fixed.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/disk.h"
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

bool disk_is_virtual_medium(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/block/%s", name);
	AUTO_FREE char *vendor = sysfs_line(root, "sys/block/%s/device/vendor", name);
	AUTO_FREE char *model = sysfs_line(root, "sys/block/%s/device/model", name);

	/* VMware calls its guests' disks virtual, too. */
	if (!link || !strstr(link, "/usb") || (vendor && text_begins(vendor, "VMware")))
		return false;
	if (names_controller(vendor) || names_controller(model))
		return true;
	/* The read-only flag alone proves nothing: the image may have set it on a disk. */
	return sysfs_number(root, 0, "sys/block/%s/ro", name) &&
	       (disk_size(root, name) <= FLOPPY || is_cd(root, name, NULL));
}

/* What software made is below devices/virtual; so are NVMe disks with several paths. */
static bool is_made_by_software(const char *link)
{
	return link && strstr(link, "/virtual/") && !strstr(link, "/virtual/nvme-subsystem/");
}

static bool may_be_fixed(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/block/%s", name);

	return disk_is_multipath(root, name) ||
	       (disk_name_may_be_fixed(name) && !is_made_by_software(link));
}

const char *disk_why_not_fixed(const char *root, const char *name)
{
	if (!may_be_fixed(root, name))
		return "";
	if (!disk_size(root, name))
		return "it has no size";
	if (sysfs_number(root, 0, "sys/block/%s/hidden", name))
		return "it is a path to another device";
	if (sysfs_number(root, 0, "sys/block/%s/removable", name))
		return "its medium can be removed";
	if (disk_is_virtual_medium(root, name))
		return "a management controller shows it";
	return disk_is_boot_medium(root, name) ? "this image is on it" : NULL;
}
