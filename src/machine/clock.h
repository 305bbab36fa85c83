/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the machine's clock (RTC) runs in UTC or in local time: found by
 * comparing it with the conversion server's clock, which is asked over the
 * control connection, so no time server is needed.
 */
#ifndef P2VD_CLOCK_H
#define P2VD_CLOCK_H

#include "config/config.h"

#include <stdint.h>

#define CLOCK_NONE INT64_MIN /* no clock, or one that says nonsense */

struct clock {
	enum rtc_basis basis;
	int offset; /* seconds that the RTC is ahead of UTC; 0 unless it runs in local time */
};

/* What ROOT/sys/class/rtc/rtc0 shows, read as if it were UTC: seconds since
 * 1970, or CLOCK_NONE. */
int64_t clock_rtc(const char *root);

/*
 * @rtc: as above; @server: the server's idea of the time at the same moment,
 * seconds since 1970, or CLOCK_NONE. Their difference, up to five minutes off,
 * must be one that some time zone has; anything else is an unknown basis.
 * (London in winter is UTC either way.)
 */
struct clock clock_compare(int64_t rtc, int64_t server);

/* "UTC", "local time, UTC+2:00", "unknown". The caller frees. */
char *clock_text(const struct clock *clock);

#endif
