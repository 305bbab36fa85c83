// SPDX-License-Identifier: GPL-2.0-or-later
/* cpus.c: processors, sockets, cores and threads. */
#include "base/memory.h"
#include "machine/cpus.h"
#include "tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static void counts_lists(void **state)
{
	static const struct {
		const char *list;
		unsigned count;
	} cases[] = {
		{ "0", 1 },
		{ "0-3", 4 },
		{ "0-3,8", 5 },
		{ "0,2,4-5", 4 },
		{ "0-8191", 8192 },
		{ NULL, 0 },
		{ "", 0 },
		{ "-", 0 },
		{ "x", 0 },
		{ "3-1", 0 },
		{ "0-", 0 },
		{ "0-4294967295", 0 },
		{ "0-8191,0-8191", 0 },
		{ "1 2", 0 },
		{ "99999999999999999999", 0 },
		{ "0;1", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(cpus_count(cases[i].list), cases[i].count);
}

static int build(void **state)
{
	*state = tree_new();
	return 0;
}

static int destroy(void **state)
{
	tree_remove(*state);
	return 0;
}

static void put_lists(const char *root, const char *online, const char *present)
{
	tree_put(root, "sys/devices/system/cpu/online", online);
	tree_put(root, "sys/devices/system/cpu/present", present);
}

static void assert_cpus(const char *root, unsigned online, unsigned sockets, unsigned cores,
			unsigned threads)
{
	struct cpus cpus = cpus_read(root);

	assert_int_equal(cpus.online, online);
	assert_int_equal(cpus.sockets, sockets);
	assert_int_equal(cpus.cores, cores);
	assert_int_equal(cpus.threads, threads);
}

/* Two sockets of 14 cores and 2 threads, with holes in the core numbers. The last @offline
 * processors are offline. */
static void put_server(const char *root, unsigned offline)
{
	for (unsigned cpu = 0; cpu < 56 - offline; cpu++)
		tree_cpu(root, cpu, cpu / 14 % 2, cpu % 14 + (cpu % 14 > 6));
	tree_put(root, "sys/devices/system/cpu/cpuidle/current_driver", "none\n");
	tree_put(root, "sys/devices/system/cpu/cpu55/online", "1\n");
}

static void reads_two_sockets(void **state)
{
	put_server(*state, 0);
	put_lists(*state, "0-55\n", "0-55\n");
	assert_cpus(*state, 56, 2, 14, 2);
}

static void bears_processors_off_line(void **state)
{
	put_server(*state, 5);
	put_lists(*state, "0-50\n", "0-55\n");
	assert_cpus(*state, 51, 2, 14, 2);
}

/* One package: two cores with two threads, four with one. */
static void flattens_unlike_cores(void **state)
{
	static const unsigned cores[] = { 0, 0, 4, 4, 8, 9, 10, 11 };

	for (unsigned i = 0; i < 8; i++)
		tree_cpu(*state, i, 0, cores[i]);
	put_lists(*state, "0-7\n", "0-7\n");
	assert_cpus(*state, 8, 1, 8, 1);
}

static void bears_missing_topology(void **state)
{
	put_lists(*state, "0-5\n", "0-5\n");
	assert_cpus(*state, 6, 1, 6, 1);
	put_lists(*state, "rubbish\n", "\n");
	tree_put(*state, "proc/cpuinfo", "processor\t: 0\n\nprocessor\t: 1\n");
	assert_cpus(*state, 2, 1, 2, 1);
}

#define ON_TREE(test) cmocka_unit_test_setup_teardown(test, build, destroy)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_lists),     ON_TREE(reads_two_sockets),
		ON_TREE(bears_processors_off_line), ON_TREE(flattens_unlike_cores),
		ON_TREE(bears_missing_topology),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
