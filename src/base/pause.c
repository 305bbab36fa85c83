// SPDX-License-Identifier: GPL-2.0-or-later
/* How long to wait before a new try to reach what a broken link has cut off. */
#include "base/pause.h"

#include <sys/random.h>

#define SECOND 1000000ULL
#define SHORT (600 * SECOND) /* an outage in which the pauses are short */

uint64_t pause_of_outage(uint64_t outage)
{
	uint64_t longest = outage < SHORT ? 3 * SECOND : 30 * SECOND;
	uint64_t pause = outage / 20;
	uint32_t chance = 0;

	if (pause < SECOND)
		pause = SECOND;
	if (pause > longest)
		pause = longest;
	if (getrandom(&chance, sizeof(chance), GRND_NONBLOCK) < 0)
		chance = 0; /* early after the start of a machine: no harm */
	return pause - pause / 4 * (chance % 1024) / 1024;
}
