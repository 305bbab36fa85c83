// SPDX-License-Identifier: GPL-2.0-or-later
/* How fast data may come. */
#include "relay/pace.h"

#define BURST_MILLISECONDS 100 /* of silence that may be made up for */
#define RATE_MAX (1ULL << 40)  /* no limit at all, so that nothing overflows */

int pace_wait(struct pace *pace, uint64_t now)
{
	int64_t rate = (int64_t)(pace->rate < RATE_MAX ? pace->rate : RATE_MAX);
	int64_t burst = rate * BURST_MILLISECONDS;
	uint64_t passed = now - pace->asked;

	if (!rate)
		return 0;
	if (passed > 1000)
		passed = 1000;
	pace->left += rate * (int64_t)passed;
	pace->asked = now;
	if (pace->left > burst)
		pace->left = burst;
	if (pace->left > 0)
		return 0;
	return (int)(-pace->left / rate) + 1;
}

void pace_take(struct pace *pace, uint64_t bytes)
{
	if (pace->rate)
		pace->left -= (int64_t)bytes * 1000;
}
