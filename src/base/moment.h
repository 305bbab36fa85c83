/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Moments: milliseconds since 1970 by the clock of this host, for people. How long something
 * lasts is measured by a clock that does not jump.
 */
#ifndef P2VD_MOMENT_H
#define P2VD_MOMENT_H

#include <stdint.h>

int64_t moment_now(void);

/* Milliseconds of a clock that only goes forward, and also while the host sleeps. */
int64_t moment_steady(void);

/* "2026-11-28T09:12:03Z"; the caller frees. NULL for 0, which is no moment. */
char *moment_text(int64_t moment);

/* The moment that an RFC 3339 text names, 0 if it names none. */
int64_t moment_read(const char *text);

#endif
