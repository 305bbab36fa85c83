// SPDX-License-Identifier: GPL-2.0-or-later
/* progress: how far a disk has been read, for people. */
#include "base/progress_line.h"
#include "base/text.h"
#include "transfer/progress.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SECOND 1000000ULL
#define MIB (1ULL << 20)

static char *line_of(const struct progress *progress, const char *name)
{
	return progress_line(name, progress->bytes, progress->size, (uint64_t)progress->rate,
			     progress_remaining(progress));
}

static void check_bytes(uint64_t bytes, const char *expected)
{
	AUTO_FREE char *text = text_bytes(bytes);

	assert_string_equal(text, expected);
}

static void test_bytes(void **state)
{
	(void)state;
	check_bytes(0, "0 bytes");
	check_bytes(1, "1 byte");
	check_bytes(2, "2 bytes");
	check_bytes(1023, "1023 bytes");
	check_bytes(1024, "1.0 KiB");
	check_bytes(40 * 1024 * MIB, "40.0 GiB");
	check_bytes(UINT64_MAX, "16.0 EiB");
}

static void test_steady(void **state)
{
	struct progress progress = { .size = 1000 * MIB };
	AUTO_FREE char *line = NULL;

	(void)state;
	for (unsigned i = 0; i <= 100; i++)
		progress_sample(&progress, i * 5 * MIB, (i + 1) * SECOND);
	line = line_of(&progress, "sda");
	assert_string_equal(line,
			    "sda      [#####.....] 500.0 MiB of 1000.0 MiB  5.0 MiB/s  at most 1:40");
}

/* Before the first byte there is no estimate, and no division by zero. */
static void test_nothing_yet(void **state)
{
	struct progress progress = { .size = 0 };
	AUTO_FREE char *line = NULL;

	(void)state;
	progress_sample(&progress, 0, SECOND);
	progress_sample(&progress, 0, SECOND);
	line = line_of(&progress, "sda");
	assert_non_null(strstr(line, "[..........]"));
	assert_null(strstr(line, "at most"));
}

static void test_read_twice(void **state)
{
	struct progress progress = { .size = 10 * MIB };
	AUTO_FREE char *line = NULL;

	(void)state;
	progress_sample(&progress, 0, SECOND);
	progress_sample(&progress, 15 * MIB, 2 * SECOND);
	line = line_of(&progress, "sda");
	assert_non_null(strstr(line, "[##########] 10.0 MiB of 10.0 MiB"));
}

/* Never cut on a screen of 80 columns. */
static void test_width(void **state)
{
	static const char *const names[] = { "sda", "nvme0n1", "cciss!c0d0",
					     "mpath-of-a-long-name-0001" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct progress progress = { .size = UINT64_MAX,
					     .bytes = 1000 * MIB,
					     .rate = 1000.0 * (1 << 10) };
		AUTO_FREE char *line = line_of(&progress, names[i]);
		AUTO_FREE char *longest = NULL;

		assert_true(strlen(line) <= 79);
		progress.size = 1000 * MIB;
		progress.bytes = 0;
		progress.rate = 1000.0 * MIB / 359000;
		longest = line_of(&progress, names[i]);
		assert_non_null(strstr(longest, "at most 99:43:"));
		assert_true(strlen(longest) <= 79);
	}
}

static void test_stall(void **state)
{
	struct progress progress = { .size = 1000 * MIB };
	double moving;

	(void)state;
	for (unsigned i = 0; i <= 50; i++)
		progress_sample(&progress, i * MIB, (i + 1) * SECOND);
	moving = progress.rate;
	for (unsigned i = 0; i < 100; i++)
		progress_sample(&progress, 50 * MIB, (52 + i) * SECOND);
	assert_true(moving > 0.9 * MIB);
	assert_true(progress.rate < 0.01 * MIB);
}

/* The map's count comes seldom; until then what the export reads is added. */
static void test_between(void **state)
{
	struct progress progress = { .disk = 1000 * MIB, .size = 1000 * MIB };

	(void)state;
	progress_sample(&progress, 10 * MIB, SECOND);
	progress_map(&progress, 100 * MIB, 10 * MIB, SECOND);
	progress_sample(&progress, 30 * MIB, 2 * SECOND);
	assert_int_equal(progress.bytes, 30 * MIB);
	assert_true(progress.rate > 0);
	/* A part of it was read twice. */
	progress_map(&progress, 100 * MIB, 25 * MIB, 3 * SECOND);
	assert_int_equal(progress.bytes, 30 * MIB);
	progress_sample(&progress, 60 * MIB, 4 * SECOND);
	assert_int_equal(progress.bytes, 55 * MIB);
	/* Another qemu-nbd, which counts from 0. */
	progress_sample(&progress, 1 * MIB, 5 * SECOND);
	progress_sample(&progress, 41 * MIB, 6 * SECOND);
	assert_int_equal(progress.bytes, 65 * MIB);
	progress_sample(&progress, 500 * MIB, 7 * SECOND);
	assert_int_equal(progress.bytes, 100 * MIB);
	/* The relay has begun anew. */
	progress_map(&progress, 100 * MIB, 5 * MIB, 8 * SECOND);
	assert_int_equal(progress.bytes, 5 * MIB);
}

/* What is used of the disk counts as soon as it is known: what was read before does not. */
static void test_map(void **state)
{
	struct progress progress = { .disk = 1000 * MIB, .size = 1000 * MIB };
	uint64_t now = SECOND;

	(void)state;
	progress_sample(&progress, 300 * MIB, now);
	progress_map(&progress, 1001 * MIB, 5, now); /* of another disk */
	assert_false(progress.exact);
	for (unsigned i = 0; i <= 40; i++, now += SECOND)
		progress_map(&progress, 100 * MIB, i * MIB, now);
	assert_true(progress.exact);
	assert_int_equal(progress.size, 100 * MIB);
	assert_int_equal(progress.disk, 1000 * MIB);
	assert_int_equal(progress.bytes, 40 * MIB);
	assert_in_range(progress_remaining(&progress), 58, 63);
	progress_map(&progress, 100 * MIB, 200 * MIB, now);
	assert_int_equal(progress.bytes, 100 * MIB);
	assert_int_equal(progress_remaining(&progress), 0);
	/* All begins again. */
	progress_map(&progress, 100 * MIB, 7 * MIB, now += SECOND);
	assert_int_equal(progress.bytes, 7 * MIB);
	assert_int_equal(progress_remaining(&progress), PROGRESS_LINE_UNKNOWN);
}

static void expect_all(const struct progress_sum *sum, const char *line)
{
	AUTO_FREE char *all = progress_sum_line(sum);

	assert_string_equal(all ?: "", line);
}

/* What is left of all by the rate of all; a disk that waits for its turn counts, too. */
static void test_sum(void **state)
{
	struct progress_sum sum = { 0 };

	(void)state;
	progress_sum_add(&sum, 100 * MIB, 400 * MIB, 2 * MIB, 150);
	expect_all(&sum, "");
	progress_sum_add(&sum, 0, 500 * MIB, 0, PROGRESS_LINE_UNKNOWN);
	expect_all(&sum, "all      [#.........] 100.0 MiB of 900.0 MiB  2.0 MiB/s  at most 6:40");
	/* Read twice, and so more than there is. */
	progress_sum_add(&sum, 200 * MIB, 100 * MIB, 0, 0);
	expect_all(&sum, "all      [##........] 200.0 MiB of 1000.0 MiB  2.0 MiB/s  at most 6:40");

	/* Nobody knows. */
	sum = (struct progress_sum){ 0 };
	progress_sum_add(&sum, MIB, 2 * MIB, MIB, PROGRESS_LINE_UNKNOWN);
	progress_sum_add(&sum, 2 * MIB, 2 * MIB, MIB, 0);
	expect_all(&sum, "all      [#######...] 3.0 MiB of 4.0 MiB  2.0 MiB/s");
	/* All is there. */
	sum = (struct progress_sum){ 0 };
	progress_sum_add(&sum, 2 * MIB, 2 * MIB, 0, 0);
	progress_sum_add(&sum, MIB, MIB, 0, 0);
	expect_all(&sum, "all      [##########] 3.0 MiB of 3.0 MiB  0 bytes/s  at most 0:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map),         cmocka_unit_test(test_between),
		cmocka_unit_test(test_bytes),       cmocka_unit_test(test_steady),
		cmocka_unit_test(test_nothing_yet), cmocka_unit_test(test_read_twice),
		cmocka_unit_test(test_stall),       cmocka_unit_test(test_width),
		cmocka_unit_test(test_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
