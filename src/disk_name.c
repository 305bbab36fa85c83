// SPDX-License-Identifier: GPL-2.0-or-later
/* What a disk's kernel name tells. */
#include "disk_name.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* Drivers that name their disks by a, b, … z, aa. */
static const char *const lettered[] = {"sd", "hd", "vd", "xvd", "ubd", "dasd"};

/* No disks, not fixed, or made of disks that we convert themselves. */
static const char *const never_fixed[] = {
	"loop", "ram", "zram", "fd", "sr", "scd", "dm-", "md", "nbd",
	"mtdblock", "zd", "bcache", "drbd", "rbd",
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool has_prefix(const char *name, const char *prefix)
{
	return !strncmp(name, prefix, strlen(prefix));
}

static bool only(const char *text, int (*is)(int))
{
	for (const char *c = text; *c; c++)
		if (!is((unsigned char)*c))
			return false;
	return *text;
}

/* The driver's part of a lettered name, 0 when it is no such name. */
static size_t lettered_prefix(const char *name)
{
	for (size_t i = 0; i < COUNT(lettered); i++)
		if (has_prefix(name, lettered[i]) && only(name + strlen(lettered[i]), islower))
			return strlen(lettered[i]);
	return 0;
}

int disk_name_compare(const char *left, const char *right)
{
	size_t prefix = lettered_prefix(left), left_length = strlen(left), right_length = strlen(right);

	if (prefix && prefix == lettered_prefix(right) && !strncmp(left, right, prefix) &&
	    left_length != right_length)
		return left_length < right_length ? -1 : 1;
	return strverscmp(left, right);
}

/* mmcblk0boot0 and mmcblk0rpmb belong to the boot loader and the firmware. */
static bool is_emmc_boot_area(const char *name)
{
	return has_prefix(name, "mmcblk") && (strstr(name, "boot") || strstr(name, "rpmb"));
}

bool disk_name_may_be_fixed(const char *name)
{
	for (size_t i = 0; i < COUNT(never_fixed); i++)
		if (has_prefix(name, never_fixed[i]) && !lettered_prefix(name))
			return false;
	return !is_emmc_boot_area(name);
}

bool disk_name_is_optical(const char *name)
{
	return has_prefix(name, "sr") && only(name + 2, isdigit);
}

bool disk_name_is_slot(const char *name)
{
	static const char *const slots[] = {"hd", "sd", "vd", "xvd", "fd"};

	for (size_t i = 0; i < COUNT(slots); i++)
		if (has_prefix(name, slots[i]) && only(name + strlen(slots[i]), islower))
			return true;
	return disk_name_is_optical(name);
}

const char *disk_name_bus(const char *name, const char *link)
{
	const char *ata = link ? strstr(link, "/ata") : NULL;

	if (has_prefix(name, "hd"))
		return "ide";
	if (has_prefix(name, "sd"))
		return ata && isdigit((unsigned char)ata[4]) ? "sata" : "scsi";
	return "virtio";
}
