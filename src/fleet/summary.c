// SPDX-License-Identifier: GPL-2.0-or-later
/* All machines in a few numbers. */
#include "fleet/summary.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/moment.h"

#include <string.h>

uint64_t summary_bytes(const struct record *record)
{
	struct record_sum sum = record_sum(record);

	return sum.used != DOCUMENT_UNKNOWN ? sum.used : sum.size;
}

static uint64_t known_or(uint64_t number, uint64_t other)
{
	return number != DOCUMENT_UNKNOWN ? number : other;
}

static bool is_at_work(const struct fleet_view *view)
{
	return view->group == GROUP_WORKING || view->group == GROUP_SILENT;
}

static bool converts(const struct fleet_view *view)
{
	return is_at_work(view) && view->record->state &&
	       !strcmp(view->record->state, "converting");
}

static bool waits(const struct fleet_view *view)
{
	return view->group == GROUP_QUEUED || view->group == GROUP_EXPECTED ||
	       (view->group == GROUP_INVENTORY && view->entry &&
		view->entry->state == ENTRY_CONVERT);
}

/* What has ended is known best. Before anything has, what is under way tells something, too. */
static struct estimate_rates measure(const struct fleet_view *views, size_t count,
				     const struct metrics *metrics)
{
	struct estimate_rates rates = { .bytes = metrics->converted, .seconds = metrics->seconds };
	int64_t now = moment_now();

	if (rates.bytes && rates.seconds)
		return rates;
	for (size_t i = 0; i < count; i++) {
		const struct record *record = views[i].record;

		if (!converts(&views[i]) || now <= record->started || !record->bytes)
			continue;
		rates.bytes += record->bytes;
		rates.seconds += (uint64_t)(now - record->started) / 1000;
	}
	return rates;
}

/* What p2vd tells of its disks; before it tells that, as for one that waits. */
static uint64_t left_of(const struct fleet_view *view, const struct estimate_rates *rates)
{
	struct record_sum sum = record_sum(view->record);

	if (sum.remaining != DOCUMENT_UNKNOWN)
		return sum.remaining;
	return estimate_one(rates, summary_bytes(view->record));
}

/* The mean of all machines, where nobody knows it of one. */
static uint64_t mean_bytes(const struct fleet_view *views, size_t count)
{
	uint64_t known = 0;
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t bytes = summary_bytes(views[i].record);

		if (bytes == DOCUMENT_UNKNOWN)
			continue;
		known++;
		sum += (double)bytes;
	}
	return known ? (uint64_t)(sum / (double)known) : ESTIMATE_UNKNOWN;
}

struct summary summary_make(const struct fleet_view *views, size_t count,
			    const struct metrics *metrics, unsigned *slots)
{
	struct summary summary = { .rates = measure(views, count, metrics) };
	AUTO_FREE uint64_t *working = memory_zero(count + 1, sizeof(*working));
	AUTO_FREE uint64_t *waiting = memory_zero(count + 1, sizeof(*waiting));
	uint64_t mean = mean_bytes(views, count);
	size_t workers = 0, waiters = 0;
	unsigned converting = 0;

	for (size_t i = 0; i < count; i++) {
		summary.counts[views[i].group]++;
		converting += converts(&views[i]);
		/* Of one that is silent nobody knows. */
		if (views[i].group == GROUP_WORKING)
			working[workers++] = left_of(&views[i], &summary.rates);
		else if (waits(&views[i]))
			waiting[waiters++] = known_or(summary_bytes(views[i].record), mean);
	}
	if (converting > *slots || !workers)
		*slots = converting;
	summary.rates.slots = *slots ? *slots : 1;
	summary.remaining = estimate_all(&summary.rates, working, workers, waiting, waiters);
	return summary;
}
