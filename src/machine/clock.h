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

#define CLOCK_NONE INT64_MIN /* there is no clock, or its date is not valid */

struct clock {
	enum rtc_basis basis;
	int offset; /* of the RTC from UTC, in seconds; 0 unless it runs in local time */
};

/* The time in ROOT/sys/class/rtc/rtc0, read as if it were UTC: seconds since 1970,
 * or CLOCK_NONE. */
int64_t clock_rtc(const char *root);

/*
 * @rtc: from clock_rtc(); @server: the server's time at the same moment, seconds
 * since 1970, or CLOCK_NONE. If their difference is the offset of a time zone,
 * give or take five minutes, the basis is UTC (offset 0) or local time; else it
 * is unknown. Local time in London in winter cannot be told from UTC.
 */
struct clock clock_compare(int64_t rtc, int64_t server);

/* "UTC", "local time, UTC+2:00", "unknown". The caller frees. */
char *clock_text(const struct clock *clock);

#endif
