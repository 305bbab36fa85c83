/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the server's processors have time to spare. The scheduler alone does not tell: an idle
 * thread (SCHED_IDLE) stands back only behind threads of its own group, and each session may be
 * a group (autogroup, cgroups).
 */
#ifndef P2VD_RELAY_SPARE_H
#define P2VD_RELAY_SPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spare {
	uint64_t idle; /* time that processors had nothing to do, milliseconds; 0: unknown */
	uint64_t looked;
};

/* What the beginning of /proc/stat, @text, says of it. Returns 0 where it says nothing. */
uint64_t spare_read(const char *text, unsigned ticks_per_second);

/* Whether at least half a processor had nothing to do since the last call; false at the first one.
 * @idle: see spare_read(), 0: unknown, and then there is spare time. @now: milliseconds. */
bool spare_note(struct spare *spare, uint64_t idle, uint64_t now);

/* The same, of this system. */
bool spare_look(struct spare *spare, uint64_t now);

#endif
