// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory modules in the firmware's DMI table. */
#include "machine/dmi.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TYPE_ARRAY = 16, TYPE_MODULE = 17, TYPE_END = 127, HEADER = 4 };

#define MODULES_MOST 4096 /* more than any machine has slots */

/* One structure: @length formatted bytes, then its strings. */
struct structure {
	const uint8_t *bytes; /* the first is its type */
	size_t length;
	const char *strings; /* one after another; each ends with a NUL, the last with two */
	const char *end;
};

/* A field of up to 8 bytes, little-endian; 0 if the structure is too short for it. */
static uint64_t field(const struct structure *structure, size_t offset, size_t size)
{
	return offset + size > structure->length ?
		       0 :
		       bytes_little_endian(structure->bytes + offset, size);
}

/* Reads the structure at *@at and moves *@at after it. Returns false at the end. */
static bool next(const uint8_t **at, const uint8_t *end, struct structure *structure)
{
	const uint8_t *strings, *stop;

	if (end - *at < HEADER || (*at)[1] < HEADER || end - *at < (*at)[1])
		return false;
	strings = *at + (*at)[1];
	for (stop = strings; end - stop >= 2 && (stop[0] || stop[1]); stop++)
		;
	if (end - stop < 2)
		return false;
	*structure = (struct structure){
		.bytes = *at,
		.length = (*at)[1],
		.strings = (const char *)strings,
		.end = (const char *)stop,
	};
	*at = stop + 2;
	return *structure->bytes != TYPE_END;
}

/* The string whose number (from 1) is in the byte at @offset; NULL if there is none. The
 * caller frees. */
static char *string(const struct structure *structure, size_t offset)
{
	uint64_t number = field(structure, offset, 1);
	const char *at = structure->strings;
	char *text;

	if (!number)
		return NULL;
	while (--number && at < structure->end)
		at += strnlen(at, (size_t)(structure->end - at)) + 1;
	if (at >= structure->end)
		return NULL;
	text = text_copy_length(at, strnlen(at, (size_t)(structure->end - at)));
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return text;
}

/* Whether the table has a memory array with that handle that is not system memory:
 * some tables also list flash chips, caches and video memory. */
static bool is_other_memory(const uint8_t *table, const uint8_t *end, uint64_t handle)
{
	enum { HANDLE = 2, USE = 5, USE_SYSTEM = 3 };
	struct structure structure;

	while (next(&table, end, &structure))
		if (*structure.bytes == TYPE_ARRAY && field(&structure, HANDLE, 2) == handle)
			return field(&structure, USE, 1) != USE_SYSTEM;
	return false;
}

/* Kinds of memory that programs do not run in: video, ROM, flash, non-volatile. */
static bool is_storage(uint64_t kind)
{
	enum { VIDEO = 0x05, ROM = 0x08, EPROM = 0x0c, NOT_VOLATILE = 0x1f };

	return kind == VIDEO || (kind >= ROM && kind <= EPROM) || kind == NOT_VOLATILE;
}

static uint64_t bytes_of(const struct structure *module)
{
	enum { SIZE = 0x0c, KIND = 0x12, EXTENDED = 0x1c, TECHNOLOGY = 0x28, VOLATILE = 0x3c };
	enum { SIZE_UNKNOWN = 0xffff, SIZE_EXTENDED = 0x7fff, IN_KIB = 0x8000 };
	enum { NVDIMM = 0x04, PERSISTENT = 0x07 };
	uint64_t size = field(module, SIZE, 2), technology = field(module, TECHNOLOGY, 1);

	if (technology >= NVDIMM && technology <= PERSISTENT) {
		size = field(module, VOLATILE, 8);
		return size == UINT64_MAX ? 0 : size;
	}
	if (is_storage(field(module, KIND, 1)) || size == SIZE_UNKNOWN)
		return 0;
	if (size == SIZE_EXTENDED)
		return (field(module, EXTENDED, 4) & 0x7fffffff) << 20;
	return size & IN_KIB ? (size & ~(uint64_t)IN_KIB) << 10 : size << 20;
}

static unsigned speed_of(const struct structure *module)
{
	enum { SPEED = 0x15, CONFIGURED = 0x20, EXTENDED = 0xffff };
	uint64_t speed = field(module, CONFIGURED, 2);

	if (!speed || speed == EXTENDED)
		speed = field(module, SPEED, 2);
	return speed == EXTENDED ? 0 : (unsigned)speed;
}

static void add(struct dmi *dmi, const struct structure *structure, uint64_t bytes)
{
	enum { SLOT = 0x10 };
	struct dmi_module module = (struct dmi_module){
		.slot = string(structure, SLOT),
		.bytes = bytes,
		.speed = speed_of(structure),
	};

	APPEND(dmi->module, dmi->count, module);
	dmi->memory += bytes;
}

void dmi_parse(struct dmi *dmi, const uint8_t *table, size_t length)
{
	enum { ARRAY_HANDLE = 4 };
	const uint8_t *at = table, *end = table + length;
	struct structure structure;

	*dmi = (struct dmi){ 0 };
	while (next(&at, end, &structure)) {
		uint64_t bytes = *structure.bytes == TYPE_MODULE ? bytes_of(&structure) : 0;

		if (bytes && bytes < UINT64_MAX - dmi->memory && dmi->count < MODULES_MOST &&
		    !is_other_memory(table, end, field(&structure, ARRAY_HANDLE, 2)))
			add(dmi, &structure, bytes);
	}
}

void dmi_clear(struct dmi *dmi)
{
	for (size_t i = 0; i < dmi->count; i++)
		free(dmi->module[i].slot);
	free(dmi->module);
	*dmi = (struct dmi){ 0 };
}
