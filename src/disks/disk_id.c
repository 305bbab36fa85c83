// SPDX-License-Identifier: GPL-2.0-or-later
/* What identifies a disk, and what is a filler. */
#include "disks/disk_id.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

#define LEAST_DIGITS 3 /* other than 0, in what is no filler */

/* What follows @digit when hexadecimal or decimal digits are counted: 9 goes on with A or 0. */
static bool follows(char digit, char next)
{
	return next == digit + 1 || (digit == '9' && (next == '0' || next == 'A')) ||
	       (digit == 'F' && next == '0');
}

/* Letters and digits of @text count, up to @length bytes. */
static bool is_filler(const char *text, size_t length)
{
	size_t others = 0;
	bool same = true, counted = true;
	char last = 0;

	for (size_t i = 0; i < length && text[i]; i++) {
		const char c = (char)toupper((unsigned char)text[i]);

		if (!isalnum((unsigned char)c))
			continue;
		others += c != '0';
		same = same && (!last || c == last);
		counted = counted && (!last || follows(last, c));
		last = c;
	}
	return others < LEAST_DIGITS || same || counted;
}

bool disk_id_serial_tells(const char *serial)
{
	return serial[strcspn(serial, "0123456789")] && !is_filler(serial, strlen(serial));
}

/* The digits of a name that the IEEE's registry is behind: a maker's number of six digits at
 * @maker, which is not zero, and what he adds, from @own on. */
static bool is_registered(const char *digits, size_t maker, size_t own)
{
	return strlen(digits) > own && strspn(digits + maker, "0") < 6 &&
	       !is_filler(digits + own, strlen(digits + own));
}

static bool naa_tells(const char *digits)
{
	enum { IEEE_EXTENDED = '2', LOCAL = '3' };

	switch (*digits) {
	case IEEE_EXTENDED:
		return is_registered(digits, 4, 10);
	case LOCAL:
		return !is_filler(digits + 1, strlen(digits + 1));
	default:
		return is_registered(digits, 1, 7);
	}
}

/* An EUI-64 begins with the maker's number; a name of 128 bits (NGUID) has it in the middle. */
static bool eui_tells(const char *digits)
{
	return strlen(digits) > 16 ? !is_filler(digits, strlen(digits)) :
				     is_registered(digits, 0, 6);
}

/* @prefix and the bytes as hexadecimal digits. The caller frees. */
static char *hexadecimal(const char *prefix, const void *bytes, size_t length)
{
	char *text = memory_zero(strlen(prefix) + 2 * length + 1, 1), *at = stpcpy(text, prefix);

	for (size_t i = 0; i < length; i++)
		at += sprintf(at, "%02x", ((const uint8_t *)bytes)[i]);
	return text;
}

/* NVMe's name for a namespace that has none of its own has the serial number as digits. */
static bool has_serial(const char *name, const char *serial)
{
	AUTO_FREE char *digits = hexadecimal("", serial, strlen(serial));

	return strstr(name, serial) || (text_begins(name, "nvme.") && strstr(name, digits));
}

bool disk_id_name_tells(const char *name, const char *serial)
{
	if (text_begins(name, "naa."))
		return naa_tells(name + 4);
	if (text_begins(name, "eui."))
		return eui_tells(name + 4);
	if (text_begins(name, "uuid."))
		return !is_filler(name + 5, strlen(name + 5));
	return serial && disk_id_serial_tells(serial) && has_serial(name, serial);
}

/* A designator: two bytes of kind, one that is reserved, its length. */
enum { HEADER = 4, KIND_EUI = 2, KIND_NAA = 3, CODE_BINARY = 1, UNIT = 0 };

static bool is_name_of_unit(const uint8_t *designator)
{
	const unsigned code = designator[0] & 0xf, kind = designator[1] & 0xf,
		       association = designator[1] >> 4 & 3;

	return code == CODE_BINARY && association == UNIT && (kind == KIND_EUI || kind == KIND_NAA);
}

char *disk_id_of_page(const uint8_t *page, size_t length)
{
	enum { PAGE_HEADER = 4, PAGE = 0x83 };
	const uint8_t *best = NULL;
	size_t end;

	if (length < PAGE_HEADER || page[1] != PAGE)
		return NULL;
	end = PAGE_HEADER + bytes_big_endian(page + 2, 2);
	if (end > length)
		end = length;
	for (size_t at = PAGE_HEADER; at + HEADER <= end && at + HEADER + page[at + 3] <= end;
	     at += HEADER + page[at + 3])
		if (is_name_of_unit(page + at) && page[at + 3] > (best ? best[3] : 7))
			best = page + at;
	return best ? hexadecimal((best[1] & 0xf) == KIND_NAA ? "naa." : "eui.", best + HEADER,
				  best[3]) :
		      NULL;
}
