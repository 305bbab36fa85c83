// SPDX-License-Identifier: GPL-2.0-or-later
/* A physical volume of LVM2. All numbers on it are little-endian. */
#include "disks/member_lvm.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR 512
#define LABEL_SECTORS 4 /* the label is in one of these */
#define ID_LENGTH 32
#define TEXT_START 512 /* of a metadata area: where its ring of texts begins */

/* An id without the dashes that people see, and of plain characters only. */
static char *plain_id(const char *text, size_t length)
{
	char *id = memory_zero(length + 1, 1), *end = id;

	for (size_t i = 0; i < length && text[i]; i++)
		if (text[i] != '-')
			*end++ = isalnum((unsigned char)text[i]) ? text[i] : '?';
	return id;
}

/* What stands in quotes behind @key in [*at, end), on one line; moves *at behind it. NULL: none. */
static char *quoted(const char **at, const char *end, const char *key)
{
	const char *value = strstr(*at, key), *close;
	char *copy;

	if (!value || value >= end)
		return NULL;
	value += strlen(key);
	close = strchr(value, '"');
	if (!close || close >= end)
		return NULL;
	*at = close;
	copy = text_copy_length(value, (size_t)(close - value));
	for (char *c = copy; *c; c++)
		if (*c == '\n')
			*c = '?';
	return copy;
}

/* Where the section that begins at @at, before its brace, ends. */
static const char *section_end(const char *at)
{
	int depth = 0;

	for (; *at; at++) {
		depth += *at == '{';
		if (*at == '}' && --depth <= 0)
			return at;
	}
	return at;
}

static void parse_volumes(struct member *member, const char *at)
{
	const char *end = section_end(at);
	char *id;

	while ((id = quoted(&at, end, "id = \""))) {
		const char *here = at;
		char *device = quoted(&here, end, "device = \"");

		list_append(&member->ids, plain_id(id, strlen(id)));
		list_append(&member->devices, device ? device : text_copy("unknown"));
		free(id);
	}
}

/* @text: printable. */
static void parse_text(struct member *member, const char *text)
{
	const char *volumes = strstr(text, "physical_volumes {"), *at = text;
	size_t name = strcspn(text, " {\n");
	AUTO_FREE char *id = NULL;

	if (!name || !volumes)
		return;
	id = quoted(&at, volumes, "id = \"");
	if (!id)
		return;
	member->id = plain_id(id, strlen(id));
	member->name = text_copy_length(text, name);
	parse_volumes(member, volumes);
	member->count = (unsigned)list_length(member->ids);
}

/* The text in the metadata area at @offset of @head, a ring; NULL where it is not all known. */
static char *text_of(const uint8_t *head, size_t length, uint64_t offset, uint64_t area)
{
	enum { MAGIC = 4, TEXT = 40 };
	const uint8_t *header;
	uint64_t start, size;
	char *text;

	if (offset > length || length - offset < TEXT_START || area > length - offset ||
	    area < TEXT_START)
		return NULL;
	header = head + offset;
	if (memcmp(header + MAGIC, " LVM2 x[5A%r0N*>", 16) != 0)
		return NULL;
	start = bytes_little_endian(header + TEXT, 8);
	size = bytes_little_endian(header + TEXT + 8, 8);
	if (start < TEXT_START || start >= area || size > area - TEXT_START)
		return NULL;
	text = memory_zero(size + 1, 1);
	for (uint64_t i = 0; i < size; i++) {
		uint64_t from = start + i < area ? start + i : start + i - area + TEXT_START;
		uint8_t byte = header[from];

		text[i] = (byte >= ' ' && byte <= '~') || byte == '\n' ? (char)byte : '?';
	}
	return text;
}

/* Pairs of offset and size, ended by one of zeros: data areas, then metadata areas. */
static void parse_areas(struct member *member, const uint8_t *head, size_t length, size_t at)
{
	bool of_metadata = false;

	for (; at <= length && length - at >= 16; at += 16) {
		uint64_t offset = bytes_little_endian(head + at, 8),
			 size = bytes_little_endian(head + at + 8, 8);
		AUTO_FREE char *text = NULL;

		if (!offset && of_metadata)
			return;
		if (!offset) {
			of_metadata = true;
			continue;
		}
		text = of_metadata ? text_of(head, length, offset, size) : NULL;
		if (text)
			parse_text(member, text);
		if (member->id)
			return;
	}
}

bool member_lvm_parse(struct member *member, const uint8_t *head, size_t length)
{
	enum { CONTENT = 20, TYPE = 24, SIZE_FIELD = 8 };

	for (size_t sector = 0; sector < LABEL_SECTORS && (sector + 1) * SECTOR <= length;
	     sector++) {
		const uint8_t *label = head + sector * SECTOR;
		uint64_t content = bytes_little_endian(label + CONTENT, 4);

		if (memcmp(label, "LABELONE", 8) != 0 || memcmp(label + TYPE, "LVM2 001", 8) != 0 ||
		    content > SECTOR - ID_LENGTH - SIZE_FIELD)
			continue;
		member->kind = MEMBER_LVM;
		member->own_id = plain_id((const char *)label + content, ID_LENGTH);
		parse_areas(member, head, length,
			    sector * SECTOR + content + ID_LENGTH + SIZE_FIELD);
		return true;
	}
	return false;
}
