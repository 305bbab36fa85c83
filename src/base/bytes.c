// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers stored as bytes. */
#include "base/bytes.h"

uint64_t bytes_little_endian(const void *bytes, size_t size)
{
	uint64_t number = 0;

	while (size--)
		number = number << 8 | ((const uint8_t *)bytes)[size];
	return number;
}

uint64_t bytes_big_endian(const void *bytes, size_t size)
{
	uint64_t number = 0;

	for (const uint8_t *byte = bytes; size--; byte++)
		number = number << 8 | *byte;
	return number;
}
