/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All machines in a few numbers. */
#ifndef P2VD_SUMMARY_H
#define P2VD_SUMMARY_H

#include "fleet/estimate_all.h"
#include "fleet/fleet.h"

struct summary {
	unsigned counts[GROUPS];
	struct estimate_rates rates;
	uint64_t remaining; /* seconds until all are converted, or ESTIMATE_UNKNOWN */
};

/* @slots: how many machines were seen converting at the same time, since none was at work; kept by
 * the caller from one call to the next. */
struct summary summary_make(const struct fleet_view *views, size_t count,
			    const struct metrics *metrics, unsigned *slots);

/* Bytes that are to be copied of a machine, or ESTIMATE_UNKNOWN. */
uint64_t summary_bytes(const struct record *record);

#endif
