// SPDX-License-Identifier: GPL-2.0-or-later
/* What a disk's kernel name tells. */
#include "disks/disk_name.h"

#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* Prefixes of names that go on with letters: sda, … sdz, sdaa. */
static const char *const lettered[] = { "sd", "hd", "vd", "xvd", "ubd", "dasd" };

/* Not disks, not fixed, or made of disks that are converted themselves. */
static const char *const never_fixed[] = {
	"loop", "ram", "zram",     "fd", "sr",     "scd",  "dm-",
	"md",   "nbd", "mtdblock", "zd", "bcache", "drbd", "rbd",
};

static bool only(const char *text, int (*is)(int))
{
	for (const char *c = text; *c; c++)
		if (!is((unsigned char)*c))
			return false;
	return *text;
}

const char *disk_name_prefix(const char *name)
{
	for (size_t i = 0; i < COUNT(lettered); i++)
		if (text_begins(name, lettered[i]) && only(name + strlen(lettered[i]), islower))
			return lettered[i];
	return NULL;
}

int disk_name_compare(const char *left, const char *right)
{
	const char *prefix = disk_name_prefix(left);
	size_t left_length = strlen(left), right_length = strlen(right);

	if (prefix && prefix == disk_name_prefix(right) && left_length != right_length)
		return left_length < right_length ? -1 : 1;
	return strverscmp(left, right);
}

char *disk_name_scsi(size_t index)
{
	enum { LETTERS = 26, MOST = 16 };
	char letters[MOST + 1] = { 0 };
	size_t first = MOST;

	/* Digits of a number to the base 26 that has no zero. */
	for (size_t left = index + 1; left; left = (left - 1) / LETTERS)
		letters[--first] = (char)('a' + (left - 1) % LETTERS);
	return text_format("sd%s", letters + first);
}

/* mmcblk0boot0 and mmcblk0rpmb belong to the boot loader and the firmware. */
static bool is_emmc_boot_area(const char *name)
{
	return text_begins(name, "mmcblk") && (strstr(name, "boot") || strstr(name, "rpmb"));
}

bool disk_name_may_be_fixed(const char *name)
{
	for (size_t i = 0; i < COUNT(never_fixed); i++)
		if (text_begins(name, never_fixed[i]) && !disk_name_prefix(name))
			return false;
	return !is_emmc_boot_area(name);
}

bool disk_name_is_optical(const char *name)
{
	return text_begins(name, "sr") && only(name + 2, isdigit);
}

bool disk_name_is_slot(const char *name)
{
	const char *prefix = disk_name_prefix(name);

	return disk_name_is_optical(name) || (text_begins(name, "fd") && only(name + 2, islower)) ||
	       (prefix && strcmp(prefix, "ubd") != 0 && strcmp(prefix, "dasd") != 0);
}

static bool is_ata(const char *link)
{
	const char *ata = strstr(link, "/ata");

	return ata && isdigit((unsigned char)ata[4]);
}

/* How a SCSI disk is attached: by the devices on the way to it. */
static const char *scsi_transport(const char *link)
{
	// clang-format off: a row a line
	static const char *const ways[][2] = {
		{ "/usb", "usb" },
		{ "/end_device-", "sas" },
		{ "/rport-", "fc" },
		{ "/session", "iscsi" },
		{ "/virtio", "virtio" },
		{ "/VMBUS", "hyper-v" },
		{ "/vmbus", "hyper-v" },
	};
	// clang-format on

	for (size_t i = 0; i < COUNT(ways); i++)
		if (strstr(link, ways[i][0]))
			return ways[i][1];
	return is_ata(link) ? "sata" : "scsi";
}

const char *disk_name_transport(const char *name, const char *link)
{
	// clang-format off: a row a line
	static const char *const by_name[][2] = {
		{ "nvme", "nvme" },
		{ "mmcblk", "mmc" },
		{ "vd", "virtio" },
		{ "xvd", "xen" },
		{ "hd", "ide" },
		{ "pmem", "nvdimm" },
		{ "dasd", "ccw" },
		{ "dm-", "multipath" },
	};
	// clang-format on

	if (text_begins(name, "sd") || disk_name_is_optical(name))
		return link ? scsi_transport(link) : NULL;
	for (size_t i = 0; i < COUNT(by_name); i++)
		if (text_begins(name, by_name[i][0]))
			return by_name[i][1];
	return NULL;
}

const char *disk_name_bus(const char *name, const char *transport, size_t index, size_t position,
			  bool *renamed)
{
	const char *prefix = disk_name_prefix(name);

	*renamed = false;
	if (!prefix || index != position)
		return "virtio";
	*renamed = !strcmp(prefix, "sd") || !strcmp(prefix, "hd") || !strcmp(prefix, "vd") ||
		   !strcmp(prefix, "xvd");
	if (!strcmp(prefix, "hd"))
		return "ide";
	if (strcmp(prefix, "sd"))
		return "virtio";
	if (transport && !strcmp(transport, "ata"))
		return "ide";
	return transport && !strcmp(transport, "sata") ? "sata" : "scsi";
}
