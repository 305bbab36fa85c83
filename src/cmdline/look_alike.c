// SPDX-License-Identifier: GPL-2.0-or-later
/* Characters that look like those which separate and quote words. */
#include "cmdline/look_alike.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum kind { QUOTE, BLANK, UNSEEN };

static const struct {
	uint32_t first, last;
	enum kind kind;
} characters[] = {
	{ 0x00a0, 0x00a0, BLANK },    { 0x00ab, 0x00ab, QUOTE },  { 0x00ad, 0x00ad, UNSEEN },
	{ 0x00bb, 0x00bb, QUOTE },    { 0x034f, 0x034f, UNSEEN }, { 0x061c, 0x061c, UNSEEN },
	{ 0x115f, 0x1160, UNSEEN },   { 0x1680, 0x1680, BLANK },  { 0x17b4, 0x17b5, UNSEEN },
	{ 0x180b, 0x180f, UNSEEN },   { 0x2000, 0x200a, BLANK },  { 0x200b, 0x200f, UNSEEN },
	{ 0x2018, 0x201f, QUOTE },    { 0x2028, 0x2029, BLANK },  { 0x202a, 0x202e, UNSEEN },
	{ 0x202f, 0x202f, BLANK },    { 0x2032, 0x2037, QUOTE },  { 0x2039, 0x203a, QUOTE },
	{ 0x205f, 0x205f, BLANK },    { 0x2060, 0x206f, UNSEEN }, { 0x275b, 0x275e, QUOTE },
	{ 0x2800, 0x2800, BLANK },    { 0x3000, 0x3000, BLANK },  { 0x301d, 0x301f, QUOTE },
	{ 0x3164, 0x3164, UNSEEN },   { 0xfeff, 0xfeff, UNSEEN }, { 0xff02, 0xff02, QUOTE },
	{ 0xff07, 0xff07, QUOTE },    { 0xffa0, 0xffa0, UNSEEN }, { 0xfff9, 0xfffb, UNSEEN },
	{ 0xe0000, 0xe007f, UNSEEN },
};

/* The character that @text begins with, which is @length bytes of UTF-8. */
static uint32_t decode(const char *text, size_t length)
{
	static const uint8_t bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 }; /* of the first byte */
	uint32_t code = (uint8_t)*text & bits[length];

	for (size_t i = 1; i < length; i++)
		code = code << 6 | ((uint8_t)text[i] & 0x3f);
	return code;
}

/* A byte of Windows-1252; 0 for one that is not of interest. */
static uint32_t decode_byte(uint8_t byte)
{
	static const uint16_t codes[] = {
		[0x82 - 0x80] = 0x201a, [0x84 - 0x80] = 0x201e, [0x8b - 0x80] = 0x2039,
		[0x91 - 0x80] = 0x2018, [0x92 - 0x80] = 0x2019, [0x93 - 0x80] = 0x201c,
		[0x94 - 0x80] = 0x201d, [0x9b - 0x80] = 0x203a,
	};

	if (byte >= 0x80 && byte - 0x80U < COUNT(codes))
		return codes[byte - 0x80];
	return byte == 0xa0 || byte == 0xab || byte == 0xad || byte == 0xbb ? byte : 0;
}

static char *judge(uint32_t code, const char *text, size_t length)
{
	for (size_t i = 0; i < COUNT(characters); i++) {
		if (code < characters[i].first || code > characters[i].last)
			continue;
		switch (characters[i].kind) {
		case QUOTE:
			return text_format("holds %s%.*s%s(U+%04X), a typographic quote, which quotes nothing: give the keyboard's \" in its place",
					   length ? "'" : "", (int)length, text, length ? "' " : "",
					   code);
		case BLANK:
			return text_format("holds U+%04X, a blank that separates no words: give an ordinary space in its place",
					   code);
		case UNSEEN:
			return text_format("holds U+%04X, a character that nobody sees: leave it out",
					   code);
		}
	}
	return NULL;
}

char *look_alike_judge(const char *text)
{
	char *wrong = NULL;
	bool broken = false; /* a byte before this one is not UTF-8, and part of a longer mistake */

	while (text && *text && !wrong) {
		size_t length = text_utf8_length(text);
		uint32_t code = length ? decode(text, length) :
				broken ? 0 :
					 decode_byte((uint8_t)*text);

		wrong = judge(code, text, length);
		broken = !length;
		text += length ? length : 1;
	}
	return wrong;
}
