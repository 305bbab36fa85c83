// SPDX-License-Identifier: GPL-2.0-or-later
/* How far a disk has been read, as a line for people. */
#include "transfer/progress.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <inttypes.h>

#define SMOOTHING_SECONDS 10.0 /* after this, two thirds of a change of rate show */
#define UNKNOWN_RATE 1024.0    /* bytes per second; below it no remaining time is shown */

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

static char *time_text(uint64_t seconds)
{
	if (seconds >= 3600)
		return text_format("%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, seconds / 3600,
				   seconds / 60 % 60, seconds % 60);
	return text_format("%" PRIu64 ":%02" PRIu64, seconds / 60, seconds % 60);
}

char *progress_line(const struct progress *progress, const char *name, unsigned width)
{
	uint64_t size = progress->size ? progress->size : 1;
	/* Blocks that are read twice count twice. */
	uint64_t done = progress->bytes < size ? progress->bytes : size;
	unsigned filled = (unsigned)((double)done / size * width);
	AUTO_FREE char *bar = memory_zero(width + 1, 1);
	AUTO_FREE char *read = text_bytes(done);
	AUTO_FREE char *whole = text_bytes(progress->size);
	AUTO_FREE char *rate = text_bytes((uint64_t)progress->rate);
	AUTO_FREE char *left = progress->rate < UNKNOWN_RATE ?
				       text_copy("-:--") :
				       time_text((uint64_t)((size - done) / progress->rate));

	for (unsigned i = 0; i < width; i++)
		bar[i] = i < filled ? '#' : '.';
	return text_format("%-8s [%s] %s of %s  %s/s  at most %s left", name, bar, read, whole,
			   rate, left);
}
