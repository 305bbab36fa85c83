// SPDX-License-Identifier: GPL-2.0-or-later
/* Which disk the machine's firmware starts from. */
#include "disks/disk_boot.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/content.h"

#include <stdio.h>
#include <stdlib.h>

#define EFI_VARIABLE "sys/firmware/efi/efivars/%s-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* ---- UEFI; all numbers are little-endian ------------------------------------------ */

enum { EFIVARFS_ATTRIBUTES = 4, OPTION_ATTRIBUTES = 4, PATH_LENGTH = 2, ACTIVE = 1 };

/* A node of a device path: type, kind, and its length in two bytes. */
enum { NODE_HEADER = 4, TYPE_MEDIA = 4, KIND_PARTITION = 1, TYPE_END = 0x7f };
enum { NUMBER = 4, SIGNATURE = 24, SIGNATURE_KIND = 41, PARTITION_LENGTH = 42 };
enum { SIGNATURE_MBR = 1, SIGNATURE_GUID = 2 };

/* A GUID is three numbers, and 8 bytes in the order in which they are written. */
static bool parse_node(struct disk_boot *option, const uint8_t *node, size_t length)
{
	const uint8_t *id = node + SIGNATURE;
	unsigned long long n[5];

	if (node[0] != TYPE_MEDIA || node[1] != KIND_PARTITION || length < PARTITION_LENGTH)
		return false;
	option->partition = (int)bytes_little_endian(node + NUMBER, 4);
	n[0] = bytes_little_endian(id, 4);
	n[1] = bytes_little_endian(id + 4, 2);
	n[2] = bytes_little_endian(id + 6, 2);
	n[3] = bytes_big_endian(id + 8, 2);
	n[4] = bytes_big_endian(id + 10, 6);
	if (node[SIGNATURE_KIND] == SIGNATURE_GUID)
		snprintf(option->id, sizeof(option->id), "%08llx-%04llx-%04llx-%04llx-%012llx",
			 n[0], n[1], n[2], n[3], n[4]);
	else if (node[SIGNATURE_KIND] == SIGNATURE_MBR)
		snprintf(option->id, sizeof(option->id), "%08llx-%02x", n[0], option->partition);
	return *option->id && option->partition > 0;
}

/* How many bytes a text of two bytes a character has with its end; 0 where it has none. */
static size_t text_length(const uint8_t *text, size_t length)
{
	for (size_t i = 0; i + 1 < length; i += 2)
		if (!text[i] && !text[i + 1])
			return i + 2;
	return 0;
}

bool disk_boot_parse(struct disk_boot *option, const uint8_t *variable, size_t length)
{
	const size_t head = EFIVARFS_ATTRIBUTES + OPTION_ATTRIBUTES + PATH_LENGTH;
	size_t at, left, name;

	*option = (struct disk_boot){ 0 };
	if (length < head || !(variable[EFIVARFS_ATTRIBUTES] & ACTIVE))
		return false;
	left = bytes_little_endian(variable + head - PATH_LENGTH, PATH_LENGTH);
	name = text_length(variable + head, length - head);
	if (!name)
		return false;
	at = head + name;
	if (left > length - at)
		left = length - at;
	while (left >= NODE_HEADER) {
		size_t node = bytes_little_endian(variable + at + 2, 2);

		if (node < NODE_HEADER || node > left || variable[at] == TYPE_END)
			return false;
		if (parse_node(option, variable + at, node))
			return true;
		at += node;
		left -= node;
	}
	return false;
}

static ssize_t read_variable(const char *root, const char *name, uint8_t *buffer, size_t size)
{
	AUTO_FREE char *path = text_format("%s/" EFI_VARIABLE, root, name);

	return sysfs_bytes(path, 0, buffer, size);
}

/* The index of the disk that Boot#### number @which starts. */
static size_t find_option(const char *root, unsigned which, const struct devices *some)
{
	AUTO_FREE char *name = text_format("Boot%04X", which), *partition = NULL;
	uint8_t variable[4096];
	ssize_t length = read_variable(root, name, variable, sizeof(variable));
	struct disk_boot option;

	if (length <= 0 || !disk_boot_parse(&option, variable, (size_t)length))
		return SIZE_MAX;
	partition = text_format("%d %s", option.partition, option.id);
	for (size_t i = 0; i < some->count; i++) {
		const struct content *content = some->device[i]->content;

		if (content && list_contains(content->partitions, partition))
			return i;
	}
	return SIZE_MAX;
}

static size_t by_uefi(const char *root, const struct devices *some)
{
	uint8_t order[512];
	ssize_t length = read_variable(root, "BootOrder", order, sizeof(order));
	size_t found = SIZE_MAX;

	for (ssize_t at = EFIVARFS_ATTRIBUTES; at + 1 < length && found == SIZE_MAX; at += 2)
		found = find_option(root, (unsigned)bytes_little_endian(order + at, 2), some);
	return found;
}

/* ---- BIOS ------------------------------------------------------------------ */

/*
 * The BIOS numbers disks 80h, 81h, … in the order in which it starts from them. The
 * kernel's driver edd shows each one's signature, "0x1234abcd". One that none of @some
 * has is our own stick's, if the machine was started from it. A disk without a signature,
 * as many with a GPT are, may be any of them: then nothing is known.
 */
static size_t by_bios(const char *root, const struct devices *some)
{
	for (unsigned disk = 0x80; disk < 0x90; disk++) {
		AUTO_FREE char *text = sysfs_line(root,
						  "sys/firmware/edd/int13_dev%02x/mbr_signature",
						  disk);
		unsigned long signature = text ? strtoul(text, NULL, 16) : 0;

		for (size_t i = 0; signature && i < some->count; i++)
			if (some->device[i]->content &&
			    some->device[i]->content->signature == signature)
				return i;
		if (!signature)
			break;
	}
	return SIZE_MAX;
}

size_t disk_boot_find(const char *root, const struct devices *some)
{
	size_t found = by_uefi(root, some);

	return found == SIZE_MAX ? by_bios(root, some) : found;
}
