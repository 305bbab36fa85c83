// SPDX-License-Identifier: GPL-2.0-or-later
#include "relay/pace.h"

#define BURST_MILLISECONDS 100 /* of silence that may be made up for */

int pace_wait(struct pace *pace, uint64_t now)
{
	int64_t burst = (int64_t)(pace->rate / 1000 * BURST_MILLISECONDS) + 1;
	uint64_t passed = now - pace->asked;

	if (!pace->rate)
		return 0;
	if (passed > 1000)
		passed = 1000;
	pace->left += (int64_t)(pace->rate * passed / 1000);
	pace->asked = now;
	if (pace->left > burst)
		pace->left = burst;
	if (pace->left > 0)
		return 0;
	return (int)((uint64_t)-pace->left * 1000 / pace->rate) + 1;
}

void pace_take(struct pace *pace, uint64_t bytes)
{
	if (pace->rate)
		pace->left -= (int64_t)bytes;
}
