/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far it is, for p2vd: the file "relay-progress" in the work directory. A line for each disk
 * with a map, "disk INDEX USED FETCHED": its index, the bytes that are used, and how many of them
 * have come; and at the end "complete" while all that is used of all disks is on the server, else
 * "incomplete".
 */
#ifndef P2VD_RELAY_REPORT_H
#define P2VD_RELAY_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPORT_FILE "relay-progress"

/* Zeros at first. */
struct report {
	char *text;
	size_t length;
	char *written; /* what the file says, or NULL */
};

void report_disk(struct report *report, size_t index, uint64_t used, uint64_t fetched);

/* Writes what was told since the last time into @directory, if it is something else. */
void report_write(struct report *report, int directory, bool complete);
void report_end(struct report *report);

#endif
