// SPDX-License-Identifier: GPL-2.0-or-later
/* The number of processors, and of their sockets, cores and threads. */
#include "machine/cpus.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PACKAGE, DIE, CORE, LEVELS };

struct place {
	uint64_t at[LEVELS];
};

unsigned cpus_count(const char *list)
{
	unsigned count = 0;

	while (list && *list) {
		unsigned long first, last;
		char *end;

		if (!isdigit((unsigned char)*list))
			return 0;
		first = last = strtoul(list, &end, 10);
		if (*end == '-' && isdigit((unsigned char)end[1]))
			last = strtoul(end + 1, &end, 10);
		if (last < first || last >= CPUS_MOST || (*end && *end != ','))
			return 0;
		count += (unsigned)(last - first) + 1;
		if (count > CPUS_MOST)
			return 0;
		list = end + (*end == ',');
	}
	return count;
}

static unsigned count_in(const char *root, const char *which)
{
	AUTO_FREE char *list = sysfs_line(root, "sys/devices/system/cpu/%s", which);

	return cpus_count(list);
}

/* For a kernel that has no such lists in sysfs. */
static unsigned count_in_cpuinfo(const char *root)
{
	AUTO_FREE char *text = sysfs_text(root, "proc/cpuinfo");
	unsigned count = 0;

	for (const char *at = text; at && (at = strstr(at, "processor\t")); at++)
		count++;
	return count ? count : 1;
}

static int compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int order = 0;

	for (int i = 0; i < LEVELS && !order; i++)
		order = (a->at[i] > b->at[i]) - (a->at[i] < b->at[i]);
	return order;
}

/* The places of all processors whose place is known, sorted. The caller frees. */
static struct place *places_of(const char *root, size_t *count)
{
	static const char *const attributes[] = { "physical_package_id", "die_id", "core_id" };
	AUTO_LIST char **names = sysfs_list(root, "sys/devices/system/cpu");
	struct place *places = memory_zero(list_length(names), sizeof(*places));

	*count = 0;
	for (size_t i = 0; names && names[i]; i++) {
		const uint64_t unknown = UINT64_MAX;
		struct place *place = &places[*count];

		if (!text_begins(names[i], "cpu") || !isdigit((unsigned char)names[i][3]))
			continue;
		for (int level = 0; level < LEVELS; level++)
			place->at[level] = sysfs_number(root, level == DIE ? 0 : unknown,
							"sys/devices/system/cpu/%s/topology/%s",
							names[i], attributes[level]);
		*count += place->at[PACKAGE] != unknown && place->at[CORE] != unknown;
	}
	if (*count)
		qsort(places, *count, sizeof(*places), compare_places);
	return places;
}

/* In sorted places, each step is a new package, a new core or one more thread. */
static struct cpus topology_of(const struct place *places, size_t count)
{
	struct cpus most = { 0 };
	unsigned cores = 0, threads = 0;

	for (size_t i = 0; i < count; i++) {
		bool new_socket = !i || places[i].at[PACKAGE] != places[i - 1].at[PACKAGE];
		bool new_core = !i || compare_places(&places[i], &places[i - 1]);

		most.sockets += new_socket;
		cores = new_socket ? 1 : cores + new_core;
		threads = new_core ? 1 : threads + 1;
		most.cores = cores > most.cores ? cores : most.cores;
		most.threads = threads > most.threads ? threads : most.threads;
	}
	return most;
}

static struct cpus flat(unsigned online, unsigned sockets)
{
	bool even = sockets && online % sockets == 0;

	return (struct cpus){
		.sockets = even ? sockets : 1,
		.cores = even ? online / sockets : online,
		.threads = 1,
	};
}

struct cpus cpus_read(const char *root)
{
	size_t count;
	AUTO_FREE struct place *places = places_of(root, &count);
	struct cpus cpus = topology_of(places, count);
	unsigned online = count_in(root, "online"), present = count_in(root, "present");

	if (!online)
		online = count_in_cpuinfo(root);
	if (present < online)
		present = online;
	if (!count || (uint64_t)cpus.sockets * cpus.cores * cpus.threads > present)
		cpus = flat(online, cpus.sockets);
	cpus.online = online;
	return cpus;
}
