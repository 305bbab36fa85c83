// SPDX-License-Identifier: GPL-2.0-or-later
/* Characters that look like those which separate and quote words. */
#include "cmdline/look_alike.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

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
		[0x94 - 0x80] = 0x201d, [0x96 - 0x80] = 0x2013, [0x97 - 0x80] = 0x2014,
		[0x9b - 0x80] = 0x203a,
	};

	if (byte >= 0x80 && byte - 0x80U < COUNT(codes))
		return codes[byte - 0x80];
	return byte == 0xa0 || byte == 0xab || byte == 0xad || byte == 0xb4 || byte == 0xbb ? byte :
											      0;
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

/* The character that @text, which is not empty, begins with, and its length, 1 for a byte
 * that is not UTF-8. @broken: the byte before it was such a one, too, and both are parts of a
 * longer mistake. */
static uint32_t take(const char *text, bool broken, size_t *length)
{
	*length = text_utf8_length(text);
	if (*length)
		return decode(text, *length);
	*length = 1;
	return broken ? 0 : decode_byte((uint8_t)*text);
}

char *look_alike_judge(const char *text)
{
	char *wrong = NULL;
	bool broken = false;

	while (text && *text && !wrong) {
		size_t length;
		uint32_t code = take(text, broken, &length);

		broken = !text_utf8_length(text);
		wrong = judge(code, text, broken ? 0 : length);
		text += length;
	}
	return wrong;
}

char *look_alike_judge_name(const char *name)
{
	char *wrong = look_alike_judge(name);

	while (!wrong && *name && !(*name & 0x80))
		name++;
	if (wrong || !*name)
		return wrong;
	if (!text_utf8_length(name))
		return text_format("holds the byte 0x%02X in its name, which is no character of UTF-8: type the name anew",
				   (uint8_t)*name);
	return text_format("holds '%.*s' (U+%04X) in its name, which looks like another character: type the name anew, of letters without accents, digits, dots and dashes, and the = behind it",
			   (int)text_utf8_length(name), name, decode(name, text_utf8_length(name)));
}

static bool is_dash(uint32_t code)
{
	return (code >= 0x2010 && code <= 0x2015) || code == 0x02d7 || code == 0x2043 ||
	       code == 0x2212 || code == 0xfe58 || code == 0xfe63 || code == 0xff0d;
}

/* Letters of other scripts, capitals with the small ones, digits and separators: those behind
 * the first look like it. */
static const char *const twins[] = {
	"2\u00b2\u01a7\u01bb\u2082\u2461\u07c2",
	"a\u0430\u0410\u03b1\u0391\u0251\u1d00",
	"b\u0432\u0412\u042c\u044c\u03b2\u0392\u0299",
	"c\u0441\u0421\u03f2\u03f9\u1d04\u217d\u216d",
	"d\u0501\u217e\u216e\u1d05",
	"e\u0435\u0415\u0451\u0401\u0454\u0404\u03b5\u0395\u04bd\u1d07\u212e",
	"f\u0192\u0493\u03dd\u03dc",
	"g\u0261\u0581\u0262",
	"h\u04bb\u043d\u041d\u0397\u0570\u029c",
	"i\u0456\u0406\u0457\u0407\u03b9\u0399\u0131\u026a\u2170\u2160",
	"j\u0458\u0408\u03f3",
	"k\u043a\u041a\u03ba\u039a\u1d0b",
	"l\u04cf\u04c0\u217c\u216c\u029f",
	"m\u043c\u041c\u039c\u1d0d\u217f\u216f",
	"n\u043f\u03b7\u039d\u0578\u0274",
	"o\u043e\u041e\u03bf\u039f\u0585\u03c3\u1d0f",
	"p\u0440\u0420\u03c1\u03a1\u03f1\u00fe\u1d18\u1d29\u1d56\u209a",
	"q\u051b",
	"r\u0433\u0280",
	"s\u0455\u0405\ua731",
	"t\u0442\u0422\u03c4\u03a4\u1d1b",
	"u\u03c5\u057d\u1d1c",
	"v\u03bd\u0475\u0474\u2174\u2164\u1d20\u1d5b\u1d65",
	"w\u03c9\u0461\u051d\u1d21",
	"x\u0445\u0425\u03c7\u03a7\u2179\u2169",
	"y\u0443\u0423\u04af\u03b3\u03a5\u028f",
	"z\u03b6\u0396\u1d22",
	".\u00b7\u0387\u0589\u06d4\u0701\u0702\u2022\u2024\u2027\u2219\u22c5\u3002\u30fb\ua4f8\ufe52\uff61\uff65",
	"-\u05be\u1400\u1806\u2500\u2796\u2e3a\u2e3b\u30fc",
	"_\u2017\u203f\u2581\ufe33\ufe34\ufe4d\ufe4e\ufe4f",
	"=\u207c\u208c\u2248\u2261\u2550\u2e40\u30a0\ua78a\ufe66",
};

static bool is_unseen(uint32_t code)
{
	for (size_t i = 0; i < COUNT(characters); i++)
		if (code >= characters[i].first && code <= characters[i].last)
			return characters[i].kind == UNSEEN;
	/* Signs above and below the letter before them, or that choose its shape. */
	return (code >= 0x0300 && code <= 0x036f) || (code >= 0x1ab0 && code <= 0x1aff) ||
	       (code >= 0x1dc0 && code <= 0x1dff) || (code >= 0x20d0 && code <= 0x20ff) ||
	       (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xfe20 && code <= 0xfe2f);
}

/* The letter at @place of an alphabet in capitals and one in small letters. */
static uint32_t letter(uint32_t place)
{
	return place < 26 ? 'A' + place : 'a' + place - 26;
}

/* What it looks like; the code itself for what looks like nothing in ASCII. */
static uint32_t plain(uint32_t code)
{
	if (code >= 0xff01 && code <= 0xff5e) /* wide */
		return code - 0xff01 + '!';
	if (code >= 0x1d400 && code <= 0x1d6a3) /* mathematical: bold, italic and so on */
		return letter((code - 0x1d400) % 52);
	if (code >= 0x1d7ce && code <= 0x1d7ff)
		return '0' + (code - 0x1d7ce) % 10;
	if (code >= 0x24b6 && code <= 0x24e9) /* in a circle */
		return letter(code - 0x24b6);
	for (size_t i = 0, length; code >= 0x80 && i < COUNT(twins); i++)
		for (const char *twin = twins[i] + 1; *twin; twin += length)
			if (take(twin, false, &length) == code)
				return (uint32_t)twins[i][0];
	return is_dash(code) ? '-' : code;
}

char *look_alike_plain(const char *text)
{
	char *copy = memory_zero(strlen(text) + 1, 1), *end = copy;

	while (*text) {
		size_t length;
		uint32_t code = take(text, false, &length), seen = plain(code);

		if (seen && seen < 0x80)
			*end++ = (char)seen;
		else if (!is_unseen(code))
			end = mempcpy(end, text, length);
		text += length;
	}
	return copy;
}

static bool is_separator(uint32_t code)
{
	return code == '.' || code == '-' || code == '_';
}

size_t look_alike_length(const char *text, const char *name)
{
	const char *at = text;
	size_t same = 0, other = 0, length;

	for (; *name && *at; at += length) {
		uint32_t code = take(at, false, &length), seen = plain(code);

		name += strspn(name, "._-");
		if (is_unseen(code) || is_separator(seen))
			continue;
		if (!*name)
			break;
		if (seen < 0x80 && tolower((int)seen) == tolower((unsigned char)*name))
			same++;
		else if ((uint8_t)*at >= 0x80)
			other++;
		else
			return 0;
		name++;
	}
	name += strspn(name, "._-");
	return *name || other > same ? 0 : (size_t)(at - text);
}

/* The length of the quote that @text begins with; 0 for none. */
static size_t begins_with_quote(const char *text)
{
	if (*text == '\'' || *text == '`')
		return 1;
	return text_begins(text, "\u00b4") ? strlen("\u00b4") : 0;
}

static bool ends_with(const char *text, const char *end, size_t length)
{
	return strlen(text) >= length && !memcmp(text + strlen(text) - length, end, length);
}

bool look_alike_is_quoted(const char *text)
{
	size_t length = begins_with_quote(text);
	AUTO_FREE char *quote = text_copy_length(text, length);
	const char *second = length ? strstr(text + length, quote) : NULL;

	return second && second > text + length && !second[length];
}

char *look_alike_judge_quotes(const struct cmdline *words, size_t index)
{
	const char *text = words->word[index].value;
	size_t length = text && !words->word[index].line ? begins_with_quote(text) : 0;

	for (size_t i = index + 1; length && i < words->count; i++) {
		const struct cmdline_word *word = &words->word[i];

		/* What is between two quotes has none. */
		if (ends_with(text, text, length) && strlen(text) > length)
			return NULL;
		if (!word->line && ends_with(word->value ?: word->name, text, length))
			return text_format("begins with the quote %.*s, which holds no words together, and is cut off at the next space: give the keyboard's \" in its place",
					   (int)length, text);
	}
	return NULL;
}

char *look_alike_judge_command(const char *text)
{
	for (bool begins = true; *text;) {
		size_t length;
		uint32_t code = take(text, false, &length);
		const char *next = text + length;

		if (begins && is_dash(code) &&
		    (isalpha((unsigned char)*next) || *next == '-' ||
		     is_dash(*next ? take(next, false, &length) : 0)))
			return text_format("it holds '%.*s' (U+%04X) where an option begins, and no program takes that for one: give the keyboard's - in its place",
					   (int)(next - text), text, code);
		begins = *text == ' ';
		text = next;
	}
	return NULL;
}
