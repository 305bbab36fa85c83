// SPDX-License-Identifier: GPL-2.0-or-later
/* A physical volume of LVM2, and the text in which it describes its whole group. All numbers
 * on it are little-endian. */
#include "disks/member.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR 512
#define TEXT_START 512 /* of a metadata area: where its ring of texts begins */

/* The text between @key, which ends with a quote, and the next quote, if both are in
 * [*at, end); NULL if not. Moves *at to that quote. */
static char *quoted(const char **at, const char *end, const char *key)
{
	const char *value = strstr(*at, key), *close;

	if (!value || value >= end)
		return NULL;
	value += strlen(key);
	close = strchr(value, '"');
	if (!close || close >= end)
		return NULL;
	*at = close;
	return text_copy_length(value, (size_t)(close - value));
}

/* Where the section ends whose opening brace is the first one behind @at. */
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

		list_append(&member->ids, id);
		list_append(&member->devices, device ? device : text_copy("unknown"));
	}
}

/* @text: as text_of() returns it. */
static void parse_text(struct member *member, const char *text)
{
	const char *volumes = strstr(text, "physical_volumes {"), *at = text;
	size_t name = strcspn(text, " {");

	if (!name || !volumes)
		return;
	member->id = quoted(&at, volumes, "id = \"");
	if (!member->id)
		return;
	member->name = text_copy_length(text, name);
	parse_volumes(member, volumes);
	member->count = (unsigned)list_length(member->ids);
	assert(member->count == list_length(member->devices));
}

/* The text in the metadata area at @offset of @head, on one line and printable; NULL where
 * @head does not have all of it. The area is a ring: behind its end, the text goes on at
 * TEXT_START. */
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

		text[i] = byte == '\n' ? ' ' : byte >= ' ' && byte <= '~' ? (char)byte : '?';
	}
	return text;
}

/* Pairs of offset and size: of data areas up to a pair of zeros, then of metadata areas up to
 * another such pair. */
static void parse_areas(struct member *member, const uint8_t *head, size_t length, size_t at)
{
	for (int zeros = 0; zeros < 2 && !member->id && at <= length && length - at >= 16;
	     at += 16) {
		uint64_t offset = bytes_little_endian(head + at, 8),
			 size = bytes_little_endian(head + at + 8, 8);
		AUTO_FREE char *text = zeros && offset ? text_of(head, length, offset, size) : NULL;

		zeros += !offset;
		if (text)
			parse_text(member, text);
	}
}

void member_lvm_parse(struct member *member, const uint8_t *head, size_t length, uint64_t magic)
{
	enum { CONTENT = 20, MAGIC = 24, ID_AND_SIZE = 40 };
	uint64_t label = magic - MAGIC, content;

	member->own_id = steal(member->id);
	if (magic < MAGIC || label > length || length - label < SECTOR)
		return;
	content = bytes_little_endian(head + label + CONTENT, 4);
	if (content <= SECTOR - ID_AND_SIZE)
		parse_areas(member, head, length, label + content + ID_AND_SIZE);
}
