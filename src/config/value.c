// SPDX-License-Identifier: GPL-2.0-or-later
/* Values as users write them: booleans, numbers, quantities, lists. */
#include "config/value.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *value_boolean(const char *text, bool *result)
{
	int value = text_boolean(text);

	if (value < 0)
		return text_format("give yes or no (or 1, 0, true, false, on, off)");
	*result = value;
	return NULL;
}

char *value_word(const char *text, const char *const *words, unsigned *result)
{
	AUTO_FREE char *all = NULL;

	for (unsigned i = 0; words[i]; i++)
		if (!strcasecmp(text, words[i])) {
			*result = i;
			return NULL;
		}
	all = list_join((char *const *)words, ", ");
	return text_format("give one of %s", all);
}

/* The decimal digits that @text begins with; @end is what follows them. */
static bool read_digits(const char *text, const char **end, uint64_t *result)
{
	*result = 0;
	*end = text;
	for (; isdigit((unsigned char)**end); (*end)++)
		if (__builtin_mul_overflow(*result, 10, result) ||
		    __builtin_add_overflow(*result, **end - '0', result))
			return false;
	return *end > text;
}

char *value_number(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *result)
{
	const char *end;
	uint64_t number;

	if (!read_digits(text, &end, &number) || *end || number < minimum || number > maximum)
		return text_format("give a number from %" PRIu64 " to %" PRIu64, minimum, maximum);
	*result = number;
	return NULL;
}

char *value_bytes(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *result)
{
	const char *units = minimum < 1 << 20 ? "KkMmGg" : "MmGg";
	bool small = minimum < 1 << 20;
	const char *end;
	uint64_t number;
	unsigned shift;

	if (!read_digits(text, &end, &number) || !*end || !strchr(units, *end) || end[1])
		return text_format("give a whole number followed by %sM or G, like 4096M or 4G",
				   small ? "K, " : "");
	shift = toupper((unsigned char)*end) == 'G' ? 30 :
		toupper((unsigned char)*end) == 'M' ? 20 :
						      10;
	if (number > maximum >> shift || number << shift < minimum)
		return text_format("give an amount from %" PRIu64 "%s to %" PRIu64 "G",
				   small ? minimum >> 10 : minimum >> 20, small ? "K" : "M",
				   maximum >> 30);
	*result = number << shift;
	return NULL;
}

char *value_seconds(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *result)
{
	const char *end;
	uint64_t number, unit = 1;

	if (!read_digits(text, &end, &number))
		number = UINT64_MAX;
	else if (*end && !end[1])
		unit = *end == 's' ? 1 : *end == 'm' ? 60 : *end == 'h' ? 3600 : UINT64_MAX;
	else if (*end)
		number = UINT64_MAX;
	if (__builtin_mul_overflow(number, unit, &number) || number < minimum || number > maximum)
		return text_format("give seconds from %" PRIu64 " to %" PRIu64
				   " (or minutes as 5m, or hours as 1h)",
				   minimum, maximum);
	*result = number;
	return NULL;
}

/* What follows the whole hours ("", ".5" or ":30"), in seconds. */
static bool read_part_of_hour(const char *text, int *seconds)
{
	const char *end;
	uint64_t number;

	*seconds = 0;
	if (!*text)
		return true;
	if (!read_digits(text + 1, &end, &number) || *end || end - text > 3)
		return false;
	if (*text == ':') {
		*seconds = (int)number * 60;
		return number < 60 && end - text == 3;
	}
	*seconds = (int)number * (end - text == 2 ? 360 : 36); /* tenths, or hundredths */
	return *text == '.';
}

char *value_hours(const char *text, int *result)
{
	const char *end = text + (*text == '+' || *text == '-');
	uint64_t hours;
	int part;

	if (!read_digits(end, &end, &hours) || hours > 14 || !read_part_of_hour(end, &part) ||
	    hours * 3600 + part > 14 * 3600)
		return text_format("give hours from -14 to +14, like +2, -3.5 or +5:30");
	*result = ((int)hours * 3600 + part) * (*text == '-' ? -1 : 1);
	return NULL;
}

/* The item that @text begins with, and its length there. */
static char *read_item(const char *text, bool commas, size_t *length)
{
	char *item = memory_zero(strlen(text) + 1, 1), *end = item;
	const char *at = text;

	for (; *at && (*at != ',' || (commas && at[1] == ',')); at++) {
		if (*at == ',')
			at++;
		*end++ = *at;
	}
	*length = (size_t)(at - text);
	return item;
}

char *value_list(const char *text, bool commas, char ***result)
{
	AUTO_LIST char **list = NULL;

	for (const char *at = text;; at++) {
		size_t length;
		char *item = read_item(at, commas, &length);
		bool twice = list_contains(list, item);

		list_append(&list, item);
		if (!length)
			return text_format("give a list separated by commas, with nothing left empty");
		if (twice)
			return text_format("name each only once");
		at += length;
		if (!*at)
			break;
	}
	*result = steal(list);
	return NULL;
}
