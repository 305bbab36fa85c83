// SPDX-License-Identifier: GPL-2.0-or-later
/* Moments, and their text. */
#include "base/moment.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND 1000
#define YEAR_9999 253402300799LL /* its last second */

static int64_t read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000000;
}

int64_t moment_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t moment_steady(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

char *moment_text(int64_t moment)
{
	time_t seconds = moment / SECOND;
	struct tm parts;
	char text[32];

	if (moment <= 0 || seconds > YEAR_9999)
		return NULL;
	gmtime_r(&seconds, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
	return text_copy(text);
}

/* The offset of a time zone, "Z" or "+02:00", in seconds. Returns whether it is one. */
static int read_offset(const char *text, int *offset)
{
	int hours, minutes, end = 0;

	*offset = 0;
	if (!strcmp(text, "Z") || !strcmp(text, "z"))
		return 1;
	if (sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &end) != 2 || text[1 + end] ||
	    hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return 0;
	*offset = (hours * 60 + minutes) * 60;
	if (*text == '-')
		*offset = -*offset;
	return *text == '-' || *text == '+';
}

int64_t moment_read(const char *text)
{
	struct tm parts = { 0 };
	int milliseconds = 0, offset, factor = 100;
	const char *rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &parts) : NULL;
	int64_t seconds;

	if (!rest)
		return 0;
	if (*rest == '.')
		for (rest++; *rest >= '0' && *rest <= '9'; rest++, factor /= 10)
			milliseconds += (*rest - '0') * factor;
	if (!*rest || !read_offset(rest, &offset))
		return 0;
	seconds = timegm(&parts) - offset;
	return seconds < 0 || seconds > YEAR_9999 ? 0 : seconds * SECOND + milliseconds;
}
