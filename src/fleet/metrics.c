// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2v-fleetd counts. */
#include "fleet/metrics.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* From one minute to two days. */
static const unsigned bounds[METRICS_BUCKETS] = { 60,    300,   900,   1800,  3600,  7200,
						  14400, 28800, 57600, 86400, 172800 };

void metrics_add(struct metrics *metrics, uint64_t bytes, uint64_t seconds)
{
	size_t i = 0;

	while (i < METRICS_BUCKETS && seconds > bounds[i])
		i++;
	if (i < METRICS_BUCKETS)
		metrics->bucket[i]++;
	else
		metrics->longer++;
	metrics->seconds += seconds;
	metrics->converted += bytes;
}

uint64_t *metrics_counter(struct metrics *metrics, size_t index, char name[static 32])
{
	static const char *const names[] = { "transferred_bytes", "conversion_seconds",
					     "conversions_longer", "converted_bytes" };
	uint64_t *const values[] = { &metrics->bytes, &metrics->seconds, &metrics->longer,
				     &metrics->converted };

	if (index < COUNT(names)) {
		snprintf(name, 32, "%s", names[index]);
		return values[index];
	}
	index -= COUNT(names);
	if (index >= METRICS_BUCKETS)
		return NULL;
	snprintf(name, 32, "conversions_%u", bounds[index]);
	return &metrics->bucket[index];
}

static void put_histogram(FILE *out, const struct metrics *metrics)
{
	uint64_t count = 0;

	fputs("# HELP p2v_conversion_seconds How long conversions took that succeeded.\n"
	      "# TYPE p2v_conversion_seconds histogram\n",
	      out);
	for (size_t i = 0; i < METRICS_BUCKETS; i++) {
		count += metrics->bucket[i];
		fprintf(out, "p2v_conversion_seconds_bucket{le=\"%u\"} %" PRIu64 "\n", bounds[i],
			count);
	}
	count += metrics->longer;
	fprintf(out, "p2v_conversion_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", count);
	fprintf(out, "p2v_conversion_seconds_sum %" PRIu64 "\n", metrics->seconds);
	fprintf(out, "p2v_conversion_seconds_count %" PRIu64 "\n", count);
}

char *metrics_text(const struct metrics *metrics, const unsigned machines[static GROUPS])
{
	char *text = NULL;
	size_t length;
	FILE *out = memory_need(open_memstream(&text, &length));

	fputs("# HELP p2v_machines Machines, by how they stand.\n# TYPE p2v_machines gauge\n", out);
	for (enum group i = 0; i < GROUPS; i++)
		fprintf(out, "p2v_machines{state=\"%s\"} %u\n", group_name(i), machines[i]);
	fputs("# HELP p2v_transferred_bytes_total Bytes read from the disks of all machines.\n"
	      "# TYPE p2v_transferred_bytes_total counter\n",
	      out);
	fprintf(out, "p2v_transferred_bytes_total %" PRIu64 "\n", metrics->bytes);
	put_histogram(out, metrics);
	fclose(out);
	return memory_need(text);
}
