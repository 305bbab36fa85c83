/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When something is to begin, as people write it. */
#ifndef P2VD_APPOINTMENT_H
#define P2VD_APPOINTMENT_H

#include <time.h>

/*
 * The moment that @text names, in the time zone of this host: "22:00" (the next one), "Fri 22:00",
 * "2026-12-04 22:00", "2026-12-04T22:00". Returns 0, or -EINVAL and a reason: it is none, or is
 * over.
 */
int appointment_read(const char *text, time_t now, time_t *moment, char **reason);

#endif
