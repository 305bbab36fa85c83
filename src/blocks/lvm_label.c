// SPDX-License-Identifier: GPL-2.0-or-later
/* A physical volume of LVM2: its label, and the text in its metadata area, which is a ring. All
 * numbers are little-endian; what has a checksum is held against it. */
#include "blocks/lvm.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

#define SECTOR 512
#define LABELS 4 /* sectors of which one has the label */
#define LARGEST_TEXT ((uint64_t)64 << 20)

/* LVM2's own: CRC-32 with another beginning, and not inverted at the end. */
static uint32_t checksum(const uint8_t *bytes, size_t length)
{
	uint32_t crc = 0xf597a6cf;

	while (length--) {
		crc ^= *bytes++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return crc;
}

static bool find_label(const struct piece *piece, int disk, uint8_t label[static SECTOR])
{
	enum { CHECKSUM = 16, CONTENT = 20, TYPE = 24 };

	for (uint64_t i = 0; i < LABELS; i++) {
		if (!piece_read(piece, disk, i * SECTOR, label, SECTOR))
			return false;
		if (!memcmp(label, "LABELONE", 8) && !memcmp(label + TYPE, "LVM2 001", 8) &&
		    bytes_little_endian(label + CHECKSUM, 4) ==
			    checksum(label + CONTENT, SECTOR - CONTENT))
			return true;
	}
	return false;
}

/* The text in the metadata area at @offset, of @size bytes. NULL where it is not good. */
static char *read_text(const struct piece *piece, int disk, uint64_t offset, uint64_t size,
		       uint64_t *length)
{
	enum { MAGIC = 4, VERSION = 20, START = 24, FIRST = 40, TEXT_SUM = 56, FLAGS = 60 };
	uint8_t head[SECTOR];
	AUTO_FREE char *text = NULL;
	uint64_t start, first;

	if (!piece_read(piece, disk, offset, head, SECTOR) ||
	    memcmp(head + MAGIC, " LVM2 x[5A%r0N*>", 16) != 0 ||
	    bytes_little_endian(head, 4) != checksum(head + MAGIC, SECTOR - MAGIC) ||
	    bytes_little_endian(head + VERSION, 4) != 1 ||
	    bytes_little_endian(head + START, 8) != offset || bytes_little_endian(head + FLAGS, 4))
		return NULL;
	start = bytes_little_endian(head + FIRST, 8);
	*length = bytes_little_endian(head + FIRST + 8, 8);
	if (size < 2 * SECTOR || start < SECTOR || start >= size || !*length ||
	    *length > size - SECTOR || *length > LARGEST_TEXT)
		return NULL;
	text = memory_zero(*length + 1, 1);
	first = *length < size - start ? *length : size - start;
	if (!piece_read(piece, disk, offset + start, text, first) ||
	    !piece_read(piece, disk, offset + SECTOR, text + first, *length - first) ||
	    checksum((uint8_t *)text, *length) != bytes_little_endian(head + TEXT_SUM, 4))
		return NULL;
	return steal(text);
}

/* Pairs of offset and size: of data areas up to a pair of zeros, then of metadata areas up to
 * another one. */
static int read_areas(const struct piece *piece, int disk, const uint8_t *at, const uint8_t *end,
		      struct lvm_label *label, char **reason)
{
	unsigned zeros = 0, data = 0;
	AUTO_FREE char *text = NULL;
	uint64_t length = 0;

	for (; zeros < 2 && end - at >= 16; at += 16) {
		uint64_t offset = bytes_little_endian(at, 8), size = bytes_little_endian(at + 8, 8);
		uint64_t other_length = 0;
		AUTO_FREE char *other = NULL;

		zeros += !offset;
		if (offset && !zeros && ++data)
			label->data = offset;
		if (!offset || !zeros)
			continue;
		other = read_text(piece, disk, offset, size, &other_length);
		if (!other)
			return REFUSE(reason, EUCLEAN, "LVM's metadata in it is damaged");
		if (text && (length != other_length || memcmp(text, other, length) != 0))
			return REFUSE(reason, EUCLEAN, "its two metadata areas differ");
		free(text);
		text = steal(other);
		length = other_length;
	}
	if (zeros < 2 || data != 1 || !text)
		return REFUSE(reason, ENOTSUP,
			      "it does not have one data area and a metadata area");
	label->text = lvm_text_parse(text, length);
	return label->text ?
		       0 :
		       REFUSE(reason, EUCLEAN, "LVM's metadata in it does not follow its syntax");
}

int lvm_label_read(const struct piece *piece, int disk, struct lvm_label *label, char **reason)
{
	enum { CONTENT = 20, ID = 32, AREAS = 40 };
	uint8_t sector[SECTOR];
	uint64_t content;

	*label = (struct lvm_label){ 0 };
	if (!find_label(piece, disk, sector))
		return REFUSE(reason, EUCLEAN, "it has no good LVM label");
	content = bytes_little_endian(sector + CONTENT, 4);
	if (content > SECTOR - AREAS)
		return REFUSE(reason, EUCLEAN, "its LVM label is damaged");
	memcpy(label->id, sector + content, ID);
	return read_areas(piece, disk, sector + content + AREAS, sector + SECTOR, label, reason);
}
