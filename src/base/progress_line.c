// SPDX-License-Identifier: GPL-2.0-or-later
/* How far a disk has been read, as a line for people. */
#include "base/progress_line.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <string.h>

#define NAME_WIDTH 8
#define BAR_WIDTH 10
#define UNKNOWN_RATE 1024.0 /* bytes per second; below it the remaining time is unknown */
#define LONGEST 360000.0    /* seconds; so it is if it is as long as this, which is 100 hours */

char *progress_line(const char *name, uint64_t bytes, uint64_t size, uint64_t rate,
		    uint64_t remaining)
{
	/* Blocks that are read twice count twice. */
	uint64_t done = bytes < size ? bytes : size;
	size_t longer = strlen(name) > NAME_WIDTH ? strlen(name) - NAME_WIDTH : 0;
	int width = (int)(longer < BAR_WIDTH ? BAR_WIDTH - longer : 1);
	int filled = (int)((double)done / (size ? size : 1) * width);
	AUTO_FREE char *read = text_bytes(done);
	AUTO_FREE char *whole = text_bytes(size);
	AUTO_FREE char *speed = text_bytes(rate);
	AUTO_FREE char *left = remaining == PROGRESS_LINE_UNKNOWN ? NULL : text_duration(remaining);

	return text_format("%-*.*s [%.*s%.*s] %s of %s  %s/s%s%s", NAME_WIDTH,
			   NAME_WIDTH + BAR_WIDTH - 1, name, filled, "##########", width - filled,
			   "..........", read, whole, speed, left ? "  at most " : "", left ?: "");
}

uint64_t progress_line_remaining(uint64_t left, double rate)
{
	double seconds = rate < UNKNOWN_RATE ? LONGEST : left / rate;

	return seconds < LONGEST ? (uint64_t)seconds : PROGRESS_LINE_UNKNOWN;
}

void progress_sum_add(struct progress_sum *sum, uint64_t bytes, uint64_t size, uint64_t rate,
		      uint64_t remaining)
{
	uint64_t done = bytes < size ? bytes : size;

	sum->disks++;
	sum->bytes += done;
	sum->size += size;
	sum->rate += rate;
	if (done < size && remaining != PROGRESS_LINE_UNKNOWN)
		sum->told = true;
}

char *progress_sum_line(const struct progress_sum *sum)
{
	uint64_t left = sum->size - sum->bytes, remaining = PROGRESS_LINE_UNKNOWN;

	if (sum->disks < 2 || !sum->size)
		return NULL;
	if (!left)
		remaining = 0;
	else if (sum->told)
		remaining = progress_line_remaining(left, (double)sum->rate);
	return progress_line("all", sum->bytes, sum->size, sum->rate, remaining);
}
