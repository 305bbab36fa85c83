// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of the machine's disks are fixed ones. */
#include "disks/disk_fixed.h"

#include "base/memory.h"
#include "base/text.h"
#include "disks/content.h"
#include "disks/disk_name.h"

#include <string.h>

#define FLOPPY ((uint64_t)2880 * 1024) /* bytes of the largest floppy */

bool disk_is_boot_medium(const struct device *device)
{
	const struct content *content = device->content;

	return content && content->cd && !strcmp(content->cd, P2VD_VOLUME_LABEL);
}

/* By words in its vendor or model. */
static bool names_controller(const char *text)
{
	static const char *const words[] = {
		"iDRAC",     "iLO",          "Virtual", "LCDRIVE", "OEMDRV", "SECUPD",
		"IPMI",      "Remote Media", "RMM",     "Gadget", /* of Linux: it plays a USB disk */
		"-Mapped v", /* Cisco's vKVM and CIMC: vHDD, vDVD, vFDD */
		"XCC",       "Remote Disk",  "VIRTUAL", "KVM",     "iRMC",   "ILOM",
	};

	for (size_t i = 0; text && i < COUNT(words); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

bool disk_is_virtual_medium(const struct device *device)
{
	const struct disk *disk = &device->disk;

	/* VMware calls its guests' disks virtual, too. Of "HP iLO, Internal SD-CARD" the slot is on
	 * the mainboard, and the machine starts from it. */
	if (!device->link || !strstr(device->link, "/usb") ||
	    (disk->vendor && text_begins(disk->vendor, "VMware")) ||
	    (disk->model && text_begins(disk->model, "Internal SD")))
		return false;
	if (names_controller(disk->vendor) || names_controller(disk->model))
		return true;
	/* The read-only flag alone proves nothing: the image may have set it on a disk. */
	return device->read_only && disk->size &&
	       (disk->size <= FLOPPY || (device->content && device->content->cd));
}

/* What software made hangs at no bus. Disks of NVMe over a network, or with several paths,
 * and Fibre Channel over a VLAN are below devices/virtual, too, but elsewhere. */
static bool is_made_by_software(const char *link)
{
	return link && strstr(link, "/virtual/block/");
}

enum device_kind disk_fixed_judge(const struct device *device)
{
	const struct disk *disk = &device->disk;

	if (!device->multipath &&
	    (!disk_name_may_be_fixed(disk->kernel) || is_made_by_software(device->link)))
		return DEVICE_NO_DISK;
	if (device->hidden)
		return device->joined ? DEVICE_PATH : DEVICE_UNREACHABLE;
	if (disk_is_virtual_medium(device))
		return DEVICE_VIRTUAL_MEDIUM;
	if (!disk->size)
		return device->removable ? DEVICE_EMPTY : DEVICE_WITHOUT_SIZE;
	if (disk_is_boot_medium(device))
		return DEVICE_BOOT_MEDIUM;
	return device->removable ? DEVICE_REMOVABLE : DEVICE_FIXED;
}
