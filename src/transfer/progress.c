// SPDX-License-Identifier: GPL-2.0-or-later
/* How far a disk has been read, as a line for people. */
#include "transfer/progress.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <string.h>

#define SMOOTHING_SECONDS 10.0 /* after this, two thirds of a change of rate show */
#define NAME_WIDTH 8
#define BAR_WIDTH 10
#define UNKNOWN_RATE 1024.0 /* bytes per second; below it no remaining time is shown */
#define LONGEST 360000.0    /* seconds; nor if it is as long as this, which is 100 hours */

void progress_sample(struct progress *progress, uint64_t bytes, uint64_t now)
{
	double seconds = progress->last ? (now - progress->last) / 1e6 : 0;

	if (seconds > 0 && bytes >= progress->bytes) {
		double rate = (bytes - progress->bytes) / seconds;
		double weight = seconds < SMOOTHING_SECONDS ? seconds / SMOOTHING_SECONDS : 1;

		progress->rate += weight * (rate - progress->rate);
	}
	if (bytes > progress->bytes)
		progress->bytes = bytes;
	progress->last = now;
}

/* Blocks that are read twice count twice. */
static uint64_t bytes_done(const struct progress *progress)
{
	return progress->bytes < progress->size ? progress->bytes : progress->size;
}

uint64_t progress_remaining(const struct progress *progress)
{
	double left = (double)(progress->size - bytes_done(progress));
	double seconds = progress->rate < UNKNOWN_RATE ? LONGEST : left / progress->rate;

	return seconds < LONGEST ? (uint64_t)seconds : PROGRESS_UNKNOWN;
}

char *progress_line(const struct progress *progress, const char *name, bool estimate)
{
	uint64_t size = progress->size ? progress->size : 1;
	uint64_t done = bytes_done(progress);
	uint64_t seconds = progress_remaining(progress);
	size_t longer = strlen(name) > NAME_WIDTH ? strlen(name) - NAME_WIDTH : 0;
	int width = (int)(longer < BAR_WIDTH ? BAR_WIDTH - longer : 1);
	int filled = (int)((double)done / size * width);
	AUTO_FREE char *read = text_bytes(done);
	AUTO_FREE char *whole = text_bytes(progress->size);
	AUTO_FREE char *rate = text_bytes((uint64_t)progress->rate);
	AUTO_FREE char *left = NULL;

	if (estimate && seconds != PROGRESS_UNKNOWN)
		left = text_duration(seconds);
	return text_format("%-*.*s [%.*s%.*s] %s of %s  %s/s%s%s", NAME_WIDTH,
			   NAME_WIDTH + BAR_WIDTH - 1, name, filled, "##########", width - filled,
			   "..........", read, whole, rate, left ? "  at most " : "", left ?: "");
}
