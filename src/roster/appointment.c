// SPDX-License-Identifier: GPL-2.0-or-later
/* When something is to begin, as people write it. */
#include "roster/appointment.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#define WEEK 7

/* The time of day at the end of @text; a day without one is no appointment. */
static int read_clock(const char *text, struct tm *day)
{
	static const char *const formats[] = { "%H:%M", "%H:%M:%S" };

	for (size_t i = 0; i < COUNT(formats); i++) {
		struct tm time = { 0 };
		const char *end = strptime(text, formats[i], &time);

		if (end && !*end) {
			day->tm_hour = time.tm_hour;
			day->tm_min = time.tm_min;
			day->tm_sec = time.tm_sec;
			day->tm_isdst = -1;
			return 0;
		}
	}
	return -EINVAL;
}

/* The number of the day of the week that @text begins with, -1: with none. English, as here. */
static int weekday(const char *text)
{
	static const char *const days[WEEK] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

	for (int i = 0; i < WEEK; i++)
		if (!strncasecmp(text, days[i], 3))
			return i;
	return -1;
}

int appointment_read(const char *text, time_t now, time_t *moment, char **reason)
{
	struct tm day = { 0 }, date = { 0 };
	const char *clock = strptime(text, "%Y-%m-%d", &date);
	const int wanted = weekday(text);
	int step = 1, r;

	localtime_r(&now, &day);
	if (clock && (*clock == ' ' || *clock == 'T')) {
		day = date;
		clock++;
		step = 0;
	} else if (wanted >= 0) {
		clock = text + strcspn(text, " ");
		clock += strspn(clock, " ");
		day.tm_mday += (wanted - day.tm_wday + WEEK) % WEEK;
		step = WEEK;
	} else {
		clock = text;
	}
	r = read_clock(clock, &day);
	if (r < 0)
		return REFUSE(reason, EINVAL,
			      "'%s' is no time: give 22:00, 'Fri 22:00' or '2026-12-04 22:00'",
			      text);
	*moment = mktime(&day);
	if (*moment <= now) { /* the next one, if it is not a certain day */
		read_clock(clock, &day);
		day.tm_mday += step;
		*moment = mktime(&day);
	}
	return *moment > now ? 0 : REFUSE(reason, EINVAL, "'%s' has passed already", text);
}
