// SPDX-License-Identifier: GPL-2.0-or-later
/* Allocated text, and checks of its characters. */
#include "base/text.h"

#include "base/memory.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *text_format_arguments(const char *format, va_list arguments)
{
	char *text = NULL;

	return memory_need(vasprintf(&text, format, arguments) < 0 ? NULL : text);
}

char *text_format(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = text_format_arguments(format, arguments);
	va_end(arguments);
	return text;
}

char *text_copy(const char *text)
{
	return text ? memory_need(strdup(text)) : NULL;
}

char *text_copy_length(const char *text, size_t length)
{
	char *copy = memory_zero(length + 1, 1);

	/* Not strndup(): sanitizers want a NUL in what it reads, and @text may have none. */
	return memcpy(copy, text, strnlen(text, length));
}

size_t text_utf8_length(const char *text)
{
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = *bytes < 0x80 ? 1 :
			*bytes < 0xc2 ? 0 :
			*bytes < 0xe0 ? 2 :
			*bytes < 0xf0 ? 3 :
			*bytes < 0xf5 ? 4 :
					0;
	unsigned code = length > 1 ? *bytes & (0x7f >> length) : *bytes;

	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (bytes[i] & 0x3f);
	}
	if (length > 1 &&
	    (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)))
		return 0;
	return length;
}

bool text_is_control(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;

	/* C0 and DEL, and C1, which is 0xc2 0x80 to 0x9f in UTF-8. */
	return *bytes < ' ' || *bytes == 0x7f || (*bytes == 0xc2 && bytes[1] < 0xa0);
}

size_t text_mark(const char *data, size_t length)
{
	static const char mark[] = { '\xef', '\xbb', '\xbf' };

	return length >= sizeof(mark) && !memcmp(data, mark, sizeof(mark)) ? sizeof(mark) : 0;
}

bool text_is_utf16(const char *data, size_t length)
{
	return length >= 2 && (!memcmp(data, "\xff\xfe", 2) || !memcmp(data, "\xfe\xff", 2) ||
			       !data[0] != !data[1]);
}

void text_make_plain(char *text)
{
	char *end = text;

	for (size_t length; *text; text += length ? length : 1) {
		length = text_utf8_length(text);
		if (!length || (text_is_control(text) && *text != '\t'))
			*end++ = '?';
		else
			for (size_t i = 0; i < length; i++)
				*end++ = text[i];
	}
	*end = '\0';
}

bool text_begins(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

bool text_is_alphanumeric(const char *text, const char *others)
{
	for (; *text; text++)
		if ((*text & 0x80 || !isalnum((unsigned char)*text)) && !strchr(others, *text))
			return false;
	return true;
}

int text_boolean(const char *text)
{
	static const char *const words[] = { "0", "1", "false", "true", "no", "yes", "off", "on" };

	for (int i = 0; i < (int)COUNT(words); i++)
		if (!strcasecmp(text, words[i]))
			return i % 2;
	return -1;
}

char *text_bytes(uint64_t bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value = bytes;
	size_t unit = 0;

	if (bytes == 1)
		return text_copy("1 byte");
	for (; value >= 1024; unit++)
		value /= 1024;
	return text_format(unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

char *text_duration(uint64_t seconds)
{
	uint64_t minutes = seconds / 60;

	if (minutes >= 60)
		return text_format("%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, minutes / 60,
				   minutes % 60, seconds % 60);
	return text_format("%" PRIu64 ":%02" PRIu64, minutes, seconds % 60);
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The distance of Damerau and Levenshtein, as "optimal string alignment". */
size_t text_distance(const char *one, const char *other)
{
	size_t width = strlen(other) + 1;
	size_t *rows = memory_zero(3 * width, sizeof(*rows));
	size_t *before = rows, *above = rows + width, *row = rows + 2 * width;
	size_t distance;

	for (size_t j = 0; j < width; j++)
		row[j] = j;
	for (size_t i = 1; i <= strlen(one); i++) {
		size_t *reuse = before;

		before = above;
		above = row;
		row = reuse;
		row[0] = i;
		for (size_t j = 1; j < width; j++) {
			row[j] = smaller(above[j], row[j - 1]) + 1;
			row[j] = smaller(row[j], above[j - 1] + (one[i - 1] != other[j - 1]));
			if (i > 1 && j > 1 && one[i - 1] == other[j - 2] &&
			    one[i - 2] == other[j - 1])
				row[j] = smaller(row[j], before[j - 2] + 1);
		}
	}
	distance = row[width - 1];
	free(rows);
	return distance;
}

const char *text_nearest(const char *name, const char *(*known)(size_t index))
{
	const char *nearest = NULL;
	size_t least = strlen(name) / 3 + 1;

	/* No name of ours is so long; and the distance takes time. */
	if (strlen(name) > 80)
		return NULL;
	for (size_t i = 0; known(i); i++) {
		size_t distance = text_distance(name, known(i));

		if (distance < least) {
			least = distance;
			nearest = known(i);
		}
	}
	return nearest;
}
