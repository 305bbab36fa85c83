// SPDX-License-Identifier: GPL-2.0-or-later
/* Which disk the machine's firmware starts from. */
#include "disks/disk_boot.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/boot_option.h"
#include "disks/disk.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EFI_VARIABLE "sys/firmware/efi/efivars/%s-8be4df61-93ca-11d2-aa0d-00e098032b8c"

#define MBR_SIGNATURE 440

/* UEFI Specification 2.10, 5.3: the header in block 1, and what stands in it. */
enum { GPT_ENTRIES = 72, GPT_ENTRY_SIZE = 84, GPT_HEADER = 92, GPT_UNIQUE_GUID = 16 };

/* Whether the disk's partition table has that partition under that GUID. */
static bool has_gpt_partition(const char *root, const char *name, const struct boot_option *option)
{
	const uint64_t block = sysfs_number(root, 512, "sys/block/%s/queue/logical_block_size",
					    name);
	uint8_t header[GPT_HEADER], guid[sizeof(option->signature)];
	uint64_t offset, entries;

	if (disk_bytes(root, name, block, header, sizeof(header)) != sizeof(header) ||
	    memcmp(header, "EFI PART", 8) != 0 ||
	    __builtin_mul_overflow(bytes_little_endian(header + GPT_ENTRIES, 8), block, &entries))
		return false;
	offset = (option->partition - 1) * bytes_little_endian(header + GPT_ENTRY_SIZE, 4) +
		 GPT_UNIQUE_GUID;
	if (__builtin_add_overflow(entries, offset, &offset))
		return false;
	return disk_bytes(root, name, offset, guid, sizeof(guid)) == sizeof(guid) &&
	       !memcmp(guid, option->signature, sizeof(guid));
}

static bool has_mbr_signature(const char *root, const char *name, const uint8_t *signature)
{
	uint8_t bytes[4];

	return disk_bytes(root, name, MBR_SIGNATURE, bytes, sizeof(bytes)) == sizeof(bytes) &&
	       bytes_little_endian(bytes, 4) && !memcmp(bytes, signature, sizeof(bytes));
}

/* ---- UEFI ------------------------------------------------------------------ */

static ssize_t read_variable(const char *root, const char *name, uint8_t *buffer, size_t size)
{
	AUTO_FREE char *path = text_format("%s/" EFI_VARIABLE, root, name);

	return sysfs_bytes(path, 0, buffer, size);
}

static size_t find_option(const char *root, unsigned which, char *const *names)
{
	AUTO_FREE char *name = text_format("Boot%04X", which);
	uint8_t variable[4096];
	ssize_t length = read_variable(root, name, variable, sizeof(variable));
	struct boot_option option;

	if (length <= 0 || !boot_option_parse(&option, variable, (size_t)length))
		return SIZE_MAX;
	for (size_t i = 0; names && names[i]; i++)
		if (option.gpt ? has_gpt_partition(root, names[i], &option) :
				 has_mbr_signature(root, names[i], option.signature))
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
 * What the BIOS calls 80h, 81h, … in the order in which it starts from them: the
 * kernel's driver edd shows the signatures, "0x1234abcd". One that is none of
 * @names is our own stick, if the machine was started from it. One that has no
 * signature, as with many a GPT, may be any disk: then nothing is known.
 */
static size_t by_bios(const char *root, char *const *names)
{
	for (unsigned disk = 0x80; disk < 0x90; disk++) {
		AUTO_FREE char *text = sysfs_line(root,
						  "sys/firmware/edd/int13_dev%02x/mbr_signature",
						  disk);
		unsigned long value = text ? strtoul(text, NULL, 16) : 0;
		const uint8_t signature[] = {
			(uint8_t)value,
			(uint8_t)(value >> 8),
			(uint8_t)(value >> 16),
			(uint8_t)(value >> 24),
		};

		if (!value)
			break;
		for (size_t i = 0; names && names[i]; i++)
			if (has_mbr_signature(root, names[i], signature))
				return i;
	}
	return SIZE_MAX;
}

size_t disk_boot_find(const char *root, char *const *names)
{
	size_t found = by_uefi(root, names);

	return found == SIZE_MAX ? by_bios(root, names) : found;
}
