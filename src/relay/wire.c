// SPDX-License-Identifier: GPL-2.0-or-later
/* A message in the making. */
#include "relay/wire.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void wire_bytes(struct wire *wire, const void *bytes, size_t length)
{
	if (wire->length + length > wire->room) {
		wire->room = (wire->length + length) * 2;
		wire->data = memory_resize(wire->data, wire->room, 1);
	}
	if (length)
		memcpy(wire->data + wire->length, bytes, length);
	wire->length += length;
}

void wire_number(struct wire *wire, uint64_t number, size_t size)
{
	uint8_t bytes[sizeof(number)] = { 0 };

	for (size_t i = size; i > 0; i--, number >>= 8)
		bytes[i - 1] = (uint8_t)number;
	wire_bytes(wire, bytes, size);
}

void wire_drop(struct wire *wire, size_t length)
{
	wire->length -= length;
	if (wire->length)
		memmove(wire->data, wire->data + length, wire->length);
}

void wire_free(struct wire *wire)
{
	free(wire->data);
	*wire = (struct wire){ 0 };
}
