// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether the machine's clock runs in UTC or in local time. */
#include "machine/clock.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define TOLERANCE (5 * MINUTE) /* clocks go wrong, and asking the server takes time */

int64_t clock_rtc(const char *root)
{
	AUTO_FREE char *date = sysfs_line(root, "sys/class/rtc/rtc0/date");
	AUTO_FREE char *time = sysfs_line(root, "sys/class/rtc/rtc0/time");
	AUTO_FREE char *both = text_format("%s %s", date ?: "", time ?: "");
	struct tm tm = { 0 };
	const char *end = strptime(both, "%Y-%m-%d %H:%M:%S", &tm);

	return end && !*end ? timegm(&tm) : CLOCK_NONE;
}

/* Whether a time zone between -12 and +14 hours has this offset from UTC: those of whole
 * hours, and these (tz database 2025). */
static bool is_zone(int minutes)
{
	static const int between[] = {
		-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825,
	};

	for (size_t i = 0; i < COUNT(between); i++)
		if (minutes == between[i])
			return true;
	return minutes % 60 == 0;
}

struct clock clock_compare(int64_t rtc, int64_t server)
{
	int64_t ahead;

	if (rtc == CLOCK_NONE || server == CLOCK_NONE ||
	    __builtin_sub_overflow(rtc, server, &ahead))
		return (struct clock){ .basis = RTC_UNKNOWN };
	for (int zone = -12 * HOUR; zone <= 14 * HOUR; zone += 15 * MINUTE)
		if (is_zone(zone / MINUTE) && ahead >= zone - TOLERANCE &&
		    ahead <= zone + TOLERANCE)
			return (struct clock){ .basis = zone ? RTC_LOCALTIME : RTC_UTC,
					       .offset = zone };
	return (struct clock){ .basis = RTC_UNKNOWN };
}

char *clock_text(const struct clock *clock)
{
	const int minutes = abs(clock->offset) / MINUTE;

	if (clock->basis != RTC_LOCALTIME)
		return text_copy(clock->basis == RTC_UTC ? "UTC" : "unknown");
	return text_format("local time, UTC%c%d:%02d", clock->offset < 0 ? '-' : '+', minutes / 60,
			   minutes % 60);
}
