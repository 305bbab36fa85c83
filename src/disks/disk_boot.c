// SPDX-License-Identifier: GPL-2.0-or-later
/* Which disk the machine's firmware starts from. */
#include "disks/disk_boot.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/boot_option.h"
#include "disks/disk.h"
#include "disks/signature.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define EFI_VARIABLE "sys/firmware/efi/efivars/%s-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* The disk's own, in its first sector. libblkid tells it of an MBR, but not of a GPT. */
static bool has_signature(const char *root, const char *name, unsigned long signature)
{
	enum { MBR_SIGNATURE = 440 };
	uint8_t bytes[4];

	return disk_bytes(root, name, MBR_SIGNATURE, bytes, sizeof(bytes)) == sizeof(bytes) &&
	       bytes_little_endian(bytes, sizeof(bytes)) == signature;
}

/* ---- UEFI ------------------------------------------------------------------ */

static ssize_t read_variable(const char *root, const char *name, uint8_t *buffer, size_t size)
{
	AUTO_FREE char *path = text_format("%s/" EFI_VARIABLE, root, name);

	return sysfs_bytes(path, 0, buffer, size);
}

/* The index of the disk that Boot#### number @which starts. */
static size_t find_option(const char *root, unsigned which, char *const *names)
{
	AUTO_FREE char *name = text_format("Boot%04X", which);
	uint8_t variable[4096];
	ssize_t length = read_variable(root, name, variable, sizeof(variable));
	struct boot_option option;

	if (length <= 0 || !boot_option_parse(&option, variable, (size_t)length))
		return SIZE_MAX;
	for (size_t i = 0; names && names[i]; i++)
		if (signature_has_partition(root, names[i], option.partition, option.id))
			return i;
	return SIZE_MAX;
}

static size_t by_uefi(const char *root, char *const *names)
{
	enum { ATTRIBUTES = 4 };
	uint8_t order[512];
	ssize_t length = read_variable(root, "BootOrder", order, sizeof(order));
	size_t found = SIZE_MAX;

	for (ssize_t at = ATTRIBUTES; at + 1 < length && found == SIZE_MAX; at += 2)
		found = find_option(root, (unsigned)bytes_little_endian(order + at, 2), names);
	return found;
}

/* ---- BIOS ------------------------------------------------------------------ */

/*
 * The BIOS numbers disks 80h, 81h, … in the order in which it starts from them. The
 * kernel's driver edd shows each one's signature, "0x1234abcd". One that none of @names
 * has is our own stick's, if the machine was started from it. A disk without a signature,
 * as many with a GPT are, may be any of them: then nothing is known.
 */
static size_t by_bios(const char *root, char *const *names)
{
	for (unsigned disk = 0x80; disk < 0x90; disk++) {
		AUTO_FREE char *text = sysfs_line(root,
						  "sys/firmware/edd/int13_dev%02x/mbr_signature",
						  disk);
		unsigned long signature = text ? strtoul(text, NULL, 16) : 0;

		for (size_t i = 0; signature && names && names[i]; i++)
			if (has_signature(root, names[i], signature))
				return i;
		if (!signature)
			break;
	}
	return SIZE_MAX;
}

size_t disk_boot_find(const char *root, char *const *names)
{
	size_t found = by_uefi(root, names);

	return found == SIZE_MAX ? by_bios(root, names) : found;
}
