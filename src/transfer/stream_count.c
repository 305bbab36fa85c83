// SPDX-License-Identifier: GPL-2.0-or-later
/* How many tunnels carry a disk. */
#include "transfer/stream_count.h"

#include <stdlib.h>
#include <string.h>

#define MILLISECOND 1000

/* The relay has several links in a tunnel, so that up to 50 ms one carries as much as many: that
 * was measured with make bench, rows c-Nms. Where an answer takes longer, two carry more. Four do
 * not, but so long a line loses packets, and a connection takes long to recover from that. */
static unsigned by_delay(uint64_t delay)
{
	return delay < 75 * MILLISECOND ? 1 : delay < 150 * MILLISECOND ? 2 : 4;
}

/* A tunnel's cipher uses one processor at each end, and qemu-nbd, relay and virt-v2v use others.
 * With two processors a second tunnel gains nothing, as was measured; with four it is a guess. */
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
