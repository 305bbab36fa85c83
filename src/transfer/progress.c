// SPDX-License-Identifier: GPL-2.0-or-later
/* How far a disk has been read, how fast, and how long the rest may take. */
#include "transfer/progress.h"

#include "base/progress_line.h"

#define SMOOTHING_SECONDS 10.0 /* after this, two thirds of a change of rate show */

static void take(struct progress *progress, uint64_t bytes, uint64_t now)
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

void progress_sample(struct progress *progress, uint64_t read, uint64_t now)
{
	uint64_t bytes = read;

	if (read < progress->read_then) /* another export */
		progress->read_then = read;
	if (progress->exact)
		bytes = progress->fetched + (read - progress->read_then);
	if (progress->exact && bytes > progress->size)
		bytes = progress->size;
	progress->read = read;
	take(progress, bytes, now);
}

void progress_map(struct progress *progress, uint64_t used, uint64_t fetched, uint64_t now)
{
	if (used > progress->disk)
		return; /* it is not about this disk */
	if (fetched > used)
		fetched = used;
	/* What was read before was counted otherwise; and it may begin again. */
	if (!progress->exact || fetched < progress->fetched)
		*progress = (struct progress){ .disk = progress->disk,
					       .bytes = fetched,
					       .read = progress->read,
					       .last = now };
	progress->exact = true;
	progress->size = used;
	progress->fetched = fetched;
	progress->read_then = progress->read;
	if (fetched > progress->bytes)
		take(progress, fetched, now);
}

uint64_t progress_remaining(const struct progress *progress)
{
	uint64_t left = progress->size > progress->bytes ? progress->size - progress->bytes : 0;

	return progress_line_remaining(left, progress->rate);
}
