// SPDX-License-Identifier: GPL-2.0-or-later
/* One of UEFI's boot options. All numbers in it are little-endian. */
#include "disks/boot_option.h"

#include "base/bytes.h"

#include <stdio.h>

enum { EFIVARFS_ATTRIBUTES = 4, ATTRIBUTES = 4, PATH_LENGTH = 2, ACTIVE = 1 };

/* A node of a device path: type, kind, and its length in two bytes. */
enum { NODE_HEADER = 4, TYPE_MEDIA = 4, KIND_PARTITION = 1, TYPE_END = 0x7f };
enum { NUMBER = 4, SIGNATURE = 24, SIGNATURE_KIND = 41, PARTITION_LENGTH = 42 };
enum { SIGNATURE_MBR = 1, SIGNATURE_GUID = 2 };

/* A GUID is three numbers, and 8 bytes in the order in which they are written. */
static bool parse_node(struct boot_option *option, const uint8_t *node, size_t length)
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

bool boot_option_parse(struct boot_option *option, const uint8_t *variable, size_t length)
{
	const size_t head = EFIVARFS_ATTRIBUTES + ATTRIBUTES + PATH_LENGTH;
	size_t at, left, name;

	*option = (struct boot_option){ 0 };
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
