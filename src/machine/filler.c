// SPDX-License-Identifier: GPL-2.0-or-later
/* What vendors leave in DMI in place of a value. */
#include "machine/filler.h"

#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN_LEAST 4      /* characters that count up or down by chance in too many numbers */
#define LONG_RUN_LEAST 8 /* that many prove a filler, whatever stands beside them */
#define REPEATS_LEAST 3  /* of a few characters, in 121212 and 123123123 */
#define REPEATED_MOST 4  /* characters */
#define BESIDE_MOST 4    /* letters beside a long run: SYS-1234567890, MB-0123456789 */

/* A sentence of nothing but such words says that there is no value. */
static const char no_value[] =
	" a applicable asset assigned available bad base baseboard be been blank board by change "
	"chassis configured default defined demo dummy empty enclosure engineering enter "
	"evaluation fill filled "
	"for given has here id in insert installed invalid is mainboard manufacturer me model "
	"motherboard n na name nil no none not null num number oem on please populated present "
	"product programmed prototype "
	"provided reserved s sample serial serialnumber set settable sku sn "
	"specified string supplied sys system tag tba tbc tbd temporary test text the this to type "
	"unassigned "
	"undefined unit unknow unknown unset unspecified unused used uuid valid value vendor version "
	"x xx your type1productconfigid type1sku0 123 ";

static bool is_word(const char *text, size_t length)
{
	char *word = text_format(" %.*s ", (int)length, text);
	bool is = strstr(no_value, word);

	free(word);
	return is;
}

/* The character after @c where people count: 1234567890, 0123456789abcdef, 9abc, xyz. */
static bool follows(char c, char next)
{
	switch (c) {
	case '9':
		return next == '0' || next == 'a';
	case '0':
		return next == '1' || next == 'a';
	case 'f':
		return next == 'g' || next == '0' || next == 'a';
	case 'z':
		return next == 'a';
	default:
		return next == c + 1;
	}
}

/* How many characters from @text on, of @length, are the same, or count up, or count down. */
static size_t run_length(const char *text, size_t length)
{
	size_t same = 1, up = 1, down = 1;

	while (same < length && text[same] == text[0])
		same++;
	while (up < length && follows(text[up - 1], text[up]))
		up++;
	while (down < length && follows(text[down], text[down - 1]))
		down++;
	return same > up && same > down ? same : up > down ? up : down;
}

/* Whether it is a few characters over and over: 121212. */
static bool is_repetition(const char *text, size_t length)
{
	for (size_t few = 1; few <= REPEATED_MOST; few++)
		if (length >= REPEATS_LEAST * few && length >= LONG_RUN_LEAST &&
		    !memcmp(text, text + few, length - few))
			return true;
	return false;
}

/* Whether it counts with each character as often as the others: 112233445566. */
static bool counts_slowly(const char *text, size_t length)
{
	size_t times = 1, at;

	while (times < length && text[times] == *text)
		times++;
	for (at = 1; at < length; at++)
		if (at % times ? text[at] != text[at - 1] : !follows(text[at - 1], text[at]))
			return false;
	return length >= LONG_RUN_LEAST;
}

static bool is_run(const char *text, size_t length)
{
	return (length >= RUN_LEAST && run_length(text, length) == length) ||
	       is_repetition(text, length) || counts_slowly(text, length) ||
	       strspn(text, "0") >= length || strspn(text, "x") >= length;
}

/* A part of a text: a word, a run, or words and runs without a gap (SN12345678). */
static bool is_part(const char *text, size_t length)
{
	for (size_t at = 0, end; at < length; at = end) {
		bool digits = isdigit((unsigned char)text[at]);

		if (is_word(text + at, length - at) || is_run(text + at, length - at))
			return true;
		for (end = at; end < length && !isdigit((unsigned char)text[end]) == !digits;)
			end++;
		if (!is_word(text + at, end - at) && !is_run(text + at, end - at))
			return false;
	}
	return true;
}

static bool is_sentence(const char *text)
{
	while (*text) {
		size_t length = strcspn(text, " ");

		if (!is_part(text, length))
			return false;
		text += length + strspn(text + length, " ");
	}
	return true;
}

/* Whether it is one long run, and a few letters. */
static bool has_long_run(const char *text)
{
	const size_t length = strlen(text);

	for (size_t at = 0; at < length; at++) {
		size_t run = run_length(text + at, length - at), beside = 0;

		for (size_t i = 0; i < length && run >= LONG_RUN_LEAST; i++)
			if (i < at || i >= at + run)
				beside += isalpha((unsigned char)text[i]) ? 1 : BESIDE_MOST + 1;
		if (run >= LONG_RUN_LEAST && beside <= BESIDE_MOST)
			return true;
	}
	return false;
}

/* @text in lower case. Points and slashes go, as in O.E.M. and N/A; each other character that
 * is no letter and no digit becomes @gap, or goes if that is NUL. The caller frees. */
static char *simple(const char *text, char gap)
{
	char *result = memory_zero(strlen(text) + 1, 1), *end = result;

	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (isalnum(byte))
			*end++ = (char)tolower(byte);
		else if (gap && end > result && end[-1] != gap && !strchr("./'", byte))
			*end++ = gap;
	}
	return result;
}

/* Words without gaps, each of two letters at least: NotAvailable, ToBeFilledByOEM. */
static bool is_joined_sentence(const char *text)
{
	const size_t length = strlen(text);
	bool *ends = memory_zero(length + 1, sizeof(*ends)); /* where words may end */
	bool is;

	*ends = true;
	for (size_t begin = 0; begin < length; begin++)
		for (size_t end = begin + 2; ends[begin] && end <= length; end++)
			ends[end] = ends[end] || is_word(text + begin, end - begin);
	is = ends[length] && !text[strspn(text, "abcdefghijklmnopqrstuvwxyz")];
	free(ends);
	return is;
}

bool filler_is_text(const char *text)
{
	char *words = simple(text, ' '), *letters = simple(text, 0);
	bool is = is_sentence(words) || is_part(letters, strlen(letters)) ||
		  is_joined_sentence(letters) || has_long_run(letters);

	free(words);
	free(letters);
	return is;
}

/* ---- UUIDs ------------------------------------------------------------------ */

enum { DIGITS = 32, BYTES = DIGITS / 2 };

/* Whether the digits of each group stay the same or count, in one direction: 90ab, aabbcc. */
static bool is_counted(const char *digits)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };

	for (size_t i = 0; i < COUNT(groups); digits += groups[i], i++) {
		size_t up = 1, down = 1;

		for (size_t at = 1; at < groups[i]; at++) {
			bool same = digits[at] == digits[at - 1];

			up += same || follows(digits[at - 1], digits[at]);
			down += same || follows(digits[at], digits[at - 1]);
		}
		if (up < groups[i] && down < groups[i])
			return false;
	}
	return true;
}

/* Whether they are one group of digits, over and over: deadbeef. */
static bool is_repeated(const char *digits)
{
	const size_t most = 8;

	return !memcmp(digits, digits + most, DIGITS - most);
}

/* Whether no byte is large: 03000200-0400-0500-0006-000700080009, 00010203-… */
static bool is_small(const char *digits)
{
	for (size_t i = 0; i < DIGITS; i += 2)
		if (digits[i] != '0' && (digits[i] != '1' || digits[i + 1] != '0'))
			return false;
	return true;
}

/* Whether each byte is as much larger than the one before: fffefdfc-fbfa-…, 10203040-5060-… */
static bool is_row(const char *digits)
{
	unsigned bytes[BYTES];

	for (size_t i = 0; i < BYTES; i++)
		sscanf(digits + 2 * i, "%2x", &bytes[i]);
	for (size_t i = 2; i < BYTES; i++)
		if ((uint8_t)(bytes[i] - bytes[i - 1]) != (uint8_t)(bytes[1] - bytes[0]))
			return false;
	return true;
}

/* The first three groups were little-endian numbers, and are again since version 2.6 of the
 * specification: of each UUID there are two ways to write it. */
static void turn(char digits[static DIGITS + 1])
{
	static const uint8_t order[] = { 3, 2, 1, 0, 5, 4, 7, 6 };
	char old[DIGITS + 1];

	memcpy(old, digits, sizeof(old));
	for (size_t i = 0; i < COUNT(order); i++)
		memcpy(digits + 2 * i, old + (size_t)2 * order[i], 2);
}

/* Dell's, of a machine without a service tag: only blanks stand where it would. */
static bool is_blank_tag(const char *digits)
{
	return !strcmp(digits, "44454c4c200010208020a0c04f202020") ||
	       !strcmp(digits, "44454c4c00001020802080c04f202020");
}

bool filler_is_uuid(const char *uuid)
{
	char *digits = simple(uuid, 0);
	bool is = strlen(digits) != DIGITS || strspn(digits, "0123456789abcdef") != DIGITS;

	for (int way = 0; way < 2 && !is; way++, turn(digits))
		is = is_counted(digits) || is_repeated(digits) || is_small(digits) ||
		     is_row(digits) || is_blank_tag(digits);
	free(digits);
	return is;
}
