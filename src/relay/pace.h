/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How fast data may come: a rate that all disks share. */
#ifndef P2VD_PACE_H
#define P2VD_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
	uint64_t rate;  /* bytes per second; 0: as fast as it can */
	int64_t left; /* that may be asked for, in thousandths of a byte; negative: too much was */
	uint64_t asked; /* when that was counted, milliseconds */
	bool hurry; /* virt-v2v waits: what comes in the background is to stand back */
};

/* Milliseconds until something may be asked for, 0: now. @now: milliseconds of loop_now(). */
int pace_wait(struct pace *pace, uint64_t now);

/* @bytes were asked for. */
void pace_take(struct pace *pace, uint64_t bytes);

#endif
