/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long it takes until all machines are converted, by what was measured.
 *
 * Of a machine at work p2vd tells the time that is left. One that waits takes its used bytes (the
 * mean of the others where nobody knows them) by the mean rate of whole conversions, from their
 * first to their last second, so what is no copying is in it. Machines that wait take the slots
 * in the order in which they become free. So many slots there are as machines were seen
 * converting at the same time: limits of servers are not asked for, they show.
 */
#ifndef P2VD_ESTIMATE_ALL_H
#define P2VD_ESTIMATE_ALL_H

#include <stddef.h>
#include <stdint.h>

#define ESTIMATE_UNKNOWN UINT64_MAX

struct estimate_rates {
	uint64_t bytes, seconds; /* of all conversions that have ended, or are measured now */
	unsigned slots;          /* at least 1 */
};

/* How long @bytes take. */
uint64_t estimate_one(const struct estimate_rates *rates, uint64_t bytes);

/*
 * @working: seconds left of each machine at work; @waiting: bytes of each that waits. Both may have
 * ESTIMATE_UNKNOWN. Returns seconds; ESTIMATE_UNKNOWN: nothing was measured that would tell it.
 */
uint64_t estimate_all(const struct estimate_rates *rates, const uint64_t *working, size_t workers,
		      const uint64_t *waiting, size_t waiters);

#endif
