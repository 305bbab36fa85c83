// SPDX-License-Identifier: GPL-2.0-or-later
/* How many tunnels carry a disk. */
#include "transfer/stream_count.h"

#include <stdlib.h>
#include <string.h>

#define MILLISECOND 1000

/* Where an answer takes long, a TCP connection cannot have as much on its way as the line holds,
 * and takes long to recover from a lost packet. */
static unsigned by_delay(uint64_t delay)
{
	return delay < 10 * MILLISECOND ? 1 : delay < 50 * MILLISECOND ? 2 : 4;
}

/* A tunnel's cipher uses one processor at each end, and qemu-nbd, relay and virt-v2v use others. */
static unsigned by_processors(unsigned here, unsigned there)
{
	unsigned fewest = here < there ? here : there;

	return fewest < 4 ? 1 : 2;
}

unsigned stream_count(const char *wanted, size_t disks, uint64_t delay, unsigned here,
		      unsigned there)
{
	unsigned most = disks < STREAMS_MOST ? (unsigned)(STREAMS_MOST / disks) : 1;
	unsigned count = by_delay(delay), processors = by_processors(here, there);

	if (strcmp(wanted, "auto") != 0)
		count = (unsigned)strtoul(wanted, NULL, 10);
	else if (count < processors)
		count = processors;
	return count < most ? count : most;
}
