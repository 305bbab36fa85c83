// SPDX-License-Identifier: GPL-2.0-or-later
/* How long it takes until all machines are converted. */
#include "fleet/estimate_all.h"

#include "base/cleanup.h"
#include "base/memory.h"

#define LONGEST (366ULL * 24 * 3600)

uint64_t estimate_one(const struct estimate_rates *rates, uint64_t bytes)
{
	double seconds;

	if (!rates->bytes || !rates->seconds || bytes == ESTIMATE_UNKNOWN)
		return ESTIMATE_UNKNOWN;
	seconds = (double)bytes * (double)rates->seconds / (double)rates->bytes;
	return seconds < LONGEST ? (uint64_t)seconds : LONGEST;
}

/* The mean of what is known; ESTIMATE_UNKNOWN: nothing is. */
static uint64_t mean_of(const uint64_t *numbers, size_t count)
{
	uint64_t known = 0;
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		if (numbers[i] == ESTIMATE_UNKNOWN)
			continue;
		known++;
		sum += (double)numbers[i];
	}
	return known ? (uint64_t)(sum / (double)known) : ESTIMATE_UNKNOWN;
}

static size_t least_of(const uint64_t *numbers, size_t count)
{
	size_t least = 0;

	for (size_t i = 1; i < count; i++)
		if (numbers[i] < numbers[least])
			least = i;
	return least;
}

/* The seconds that each of them takes, in place of its bytes. */
static uint64_t *durations(const struct estimate_rates *rates, const uint64_t *waiting,
			   size_t count)
{
	uint64_t *seconds = memory_zero(count + 1, sizeof(*seconds));
	uint64_t mean = mean_of(waiting, count);

	for (size_t i = 0; i < count; i++)
		seconds[i] = estimate_one(rates,
					  waiting[i] == ESTIMATE_UNKNOWN ? mean : waiting[i]);
	return seconds;
}

uint64_t estimate_all(const struct estimate_rates *rates, const uint64_t *working, size_t workers,
		      const uint64_t *waiting, size_t waiters)
{
	size_t slots = rates->slots > workers ? rates->slots : workers;
	AUTO_FREE uint64_t *seconds = durations(rates, waiting, waiters);
	AUTO_FREE uint64_t *busy = NULL;
	uint64_t mean = mean_of(working, workers), last = 0;

	if ((workers && mean == ESTIMATE_UNKNOWN) || workers + waiters == 0)
		return workers + waiters ? ESTIMATE_UNKNOWN : 0;
	if (!slots)
		slots = 1;
	busy = memory_zero(slots, sizeof(*busy)); /* until when each slot is */
	for (size_t i = 0; i < workers; i++)
		busy[i] = working[i] == ESTIMATE_UNKNOWN ? mean : working[i];
	for (size_t i = 0; i < waiters; i++) {
		if (seconds[i] == ESTIMATE_UNKNOWN)
			return ESTIMATE_UNKNOWN;
		busy[least_of(busy, slots)] += seconds[i];
	}
	for (size_t i = 0; i < slots; i++)
		if (busy[i] > last)
			last = busy[i];
	return last < LONGEST ? last : LONGEST;
}
