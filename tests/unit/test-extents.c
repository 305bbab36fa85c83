// SPDX-License-Identifier: GPL-2.0-or-later
/* Which units of a disk are used, and where a piece's bytes lie on it. */
#include "base/bytes.h"
#include "base/text.h"
#include "blocks/piece.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#define MIB ((uint64_t)1 << 20)
#define TIB ((uint64_t)1 << 40)

/* "0+1 5+2", in units. */
static void expect(const struct extents *extents, const char *expected)
{
	char text[400] = "", *end = text;

	for (size_t i = 0; i < extents->count; i++)
		end += sprintf(end, "%s%u+%u", i ? " " : "", extents->extent[i].first,
			       extents->extent[i].count);
	assert_string_equal(text, expected);
}

static void test_units(void **state)
{
	static const struct {
		uint64_t size;
		unsigned shift;
	} cases[] = { { 1, 12 },        { MIB, 12 },       { 15 * TIB, 12 },
		      { 16 * TIB, 13 }, { 100 * TIB, 15 }, { (uint64_t)1 << 62, 31 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct extents extents;

		extents_start(&extents, cases[i].size);
		assert_int_equal(extents.shift, cases[i].shift);
		assert_true(cases[i].size >> extents.shift < UINT32_MAX);
		extents_add(&extents, 0, cases[i].size);
		assert_true(extents_total(&extents) == cases[i].size);
		extents_clear(&extents);
	}
}

static void test_add(void **state)
{
	struct extents extents;

	(void)state;
	extents_start(&extents, MIB + 1);
	extents_add(&extents, 4095, 2); /* a byte of each is enough */
	extents_add(&extents, 8192, 4096); /* touches */
	extents_add(&extents, 40960, 1);
	extents_add(&extents, 40960, 0);
	extents_add(&extents, MIB - 1, 1000 * MIB); /* reaches beyond the end */
	extents_add(&extents, 2 * MIB, 1);
	extents_sort(&extents);
	expect(&extents, "0+3 10+1 255+2");
	assert_true(extents_total(&extents) == 3 * 4096 + 4096 + 4096 + 1);
	assert_true(extents_within(&extents, 4096, 8192) == 8192);
	assert_true(extents_within(&extents, 12288, 28672) == 0);
	assert_true(extents_within(&extents, 40961, 1) == 1);
	extents_clear(&extents);
}

static void append(void *user, uint64_t offset, uint64_t length)
{
	char *text = user;

	sprintf(text + strlen(text), "%" PRIu64 "+%" PRIu64 " ", offset, length);
}

static void test_each(void **state)
{
	struct extents extents;
	char text[200] = "";

	(void)state;
	extents_start(&extents, MIB + 1);
	for (uint64_t i = 0; i < 4; i++)
		extents_add(&extents, i * 16384, 8192);
	extents_add(&extents, MIB, 1);
	extents_each(&extents, 8192, 8192, append, text);
	assert_string_equal(text, "");
	extents_each(&extents, 1, 32768, append, text);
	assert_string_equal(text, "1+8191 16384+8192 32768+1 ");
	*text = '\0';
	extents_each(&extents, 3 * 16384 + 8191, 2 * MIB, append, text);
	assert_string_equal(text, "57343+1 1048576+1 ");
	extents_clear(&extents);
}

/* In any order, with overlaps: the same as a bitmap says. */
static void test_any_order(void **state)
{
	enum { UNITS = 500 };
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 200; round++) {
		bool used[UNITS] = { false };
		struct extents extents;
		size_t at = 0;

		extents_start(&extents, UNITS * 4096);
		for (int i = 0; i < round % 40; i++) {
			unsigned first = (unsigned)rand_r(&seed) % UNITS;
			unsigned count = (unsigned)rand_r(&seed) % 30;

			extents_add(&extents, first * 4096ULL, count * 4096ULL);
			for (unsigned j = first; j < first + count && j < UNITS; j++)
				used[j] = true;
		}
		extents_sort(&extents);
		for (unsigned i = 0; i < UNITS; i++) {
			bool begins = used[i] && (!i || !used[i - 1]);

			if (begins)
				assert_int_equal(extents.extent[at++].first, i);
			if (used[i])
				assert_true(extents.extent[at - 1].first +
						    extents.extent[at - 1].count >
					    i);
			else if (at)
				assert_true(extents.extent[at - 1].first +
						    extents.extent[at - 1].count <=
					    i);
		}
		assert_int_equal(at, extents.count);
		extents_clear(&extents);
	}
}

/* Long runs that ascend, which overlap each other, and short ones before and between them. */
static void test_runs(void **state)
{
	static const struct {
		unsigned first, step, count;
	} runs[] = { { 0, 1, 1 },  { 1999999, 1, 1 },     { 10, 4, 200000 },     { 600000, 1, 1 },
		     { 3, 5, 30 }, { 900001, 4, 100000 }, { 400000, 4, 300000 }, { 5, 4, 70000 } };
	enum { UNITS = 2000000 };
	bool *used = calloc(UNITS + 1, sizeof(*used));
	struct extents extents;
	size_t at = 0;

	(void)state;
	extents_start(&extents, UNITS * 4096ULL);
	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++)
		for (unsigned j = 0; j < runs[i].count; j++) {
			unsigned unit = runs[i].first + j * runs[i].step;

			extents_add(&extents, unit * 4096ULL, 1);
			used[unit] = true;
		}
	extents_sort(&extents);
	for (unsigned i = 0, end; i < UNITS; i = end + 1) {
		for (end = i; used[end]; end++)
			;
		if (end == i)
			continue;
		assert_true(at < extents.count);
		assert_int_equal(extents.extent[at].first, i);
		assert_int_equal(extents.extent[at++].count, end - i);
	}
	assert_int_equal(at, extents.count);
	extents_clear(&extents);
	free(used);
}

/* With a limit the list says more, never less, and what lies close is joined first. */
static void test_most(void **state)
{
	enum { UNITS = 100000, MOST = 64 };
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 100; round++) {
		bool used[UNITS] = { false };
		struct extents extents;

		extents_start(&extents, UNITS * 4096ULL);
		extents.most = MOST;
		for (int i = 0; i < 2000; i++) {
			unsigned first = (unsigned)rand_r(&seed) % UNITS;

			if (round % 2)
				first = (unsigned)i * 50 + first % 40;
			extents_add(&extents, first * 4096ULL, 4096);
			assert_true(extents.count <= MOST);
			used[first] = true;
		}
		extents_sort(&extents);
		assert_in_range(extents.count, MOST / 2, MOST);
		assert_true(extents.room <= MOST || extents.room <= 1024);
		for (unsigned i = 0; i < UNITS; i++)
			if (used[i])
				assert_int_equal(extents_within(&extents, i * 4096ULL, 4096), 4096);
		extents_clear(&extents);
	}
}

/* The gaps of one unit go, those of 1000 stay. */
static void test_most_near(void **state)
{
	struct extents extents;

	(void)state;
	extents_start(&extents, 1000000 * 4096ULL);
	extents.most = 16;
	for (unsigned i = 0; i < 10; i++) {
		extents_add(&extents, i * 1000 * 4096ULL, 4096);
		extents_add(&extents, (i * 1000 + 2) * 4096ULL, 4096);
	}
	extents_sort(&extents);
	assert_in_range(extents.count, 10, 16);
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(extents_within(&extents, (i * 1000 + 3) * 4096ULL, 997 * 4096), 0);
	extents_clear(&extents);
}

static void add_free(void *user, uint64_t offset, uint64_t length)
{
	extents_add(user, offset, length);
}

static void test_invert(void **state)
{
	struct extents extents, other;

	(void)state;
	extents_start(&extents, 10 * 4096);
	extents_start(&other, 10 * 4096);
	extents_add(&extents, 4096, 8192);
	extents_add(&extents, 5 * 4096, 4096);
	extents_invert(&extents, add_free, &other);
	expect(&other, "0+1 3+2 6+4");
	extents_clear(&extents);
	extents_clear(&other);
}

static void test_write(void **state)
{
	int file = memfd_create("map", MFD_CLOEXEC);
	struct extents extents;
	uint8_t bytes[100];

	(void)state;
	extents_start(&extents, MIB);
	extents_add(&extents, 4096, 8192);
	extents_add(&extents, MIB - 4096, 4096);
	assert_int_equal(extents_write(&extents, file), 0);
	assert_int_equal(pread(file, bytes, sizeof(bytes), 0), 24 + 2 * 8);
	assert_memory_equal(bytes, "P2VMAP1\n", 8);
	assert_true(bytes_little_endian(bytes + 8, 8) == MIB);
	assert_int_equal(bytes_little_endian(bytes + 16, 4), 4096);
	assert_int_equal(bytes_little_endian(bytes + 20, 4), 2);
	assert_int_equal(bytes_little_endian(bytes + 24, 4), 1);
	assert_int_equal(bytes_little_endian(bytes + 28, 4), 2);
	assert_int_equal(bytes_little_endian(bytes + 32, 4), 255);
	assert_int_equal(bytes_little_endian(bytes + 36, 4), 1);
	close(file);
	extents_clear(&extents);
}

/* A piece of two segments, the second on three stripes of 8 KiB: what is read is what is used. */
static void test_piece(void **state)
{
	enum { UNIT = 4096, DISK = 100, FIRST = 5, SECOND = 12 };
	int disk = memfd_create("disk", MFD_CLOEXEC);
	static uint8_t bytes[UNIT];
	struct pieces pieces = { 0 };
	struct piece *piece = pieces_add(&pieces, text_copy("volume"),
					 (FIRST + SECOND) * (uint64_t)UNIT);
	static const uint64_t linear[] = { 50 * UNIT },
			      stripes[] = { 10 * UNIT, 70 * UNIT, 30 * UNIT };
	static const unsigned places[] = { 50, 51, 52, 53, 54, 10, 11, 70, 71,
					   30, 31, 12, 13, 72, 73, 32, 33 };

	(void)state;
	piece_add(piece, FIRST * UNIT, 0, linear, 1);
	piece_add(piece, SECOND * UNIT, 2 * UNIT, stripes, 3);
	for (unsigned i = 0; i < DISK; i++) {
		memset(bytes, (int)i, UNIT);
		assert_int_equal(pwrite(disk, bytes, UNIT, i * UNIT), UNIT);
	}
	for (unsigned from = 0; from < FIRST + SECOND; from++)
		for (unsigned to = from + 1; to <= FIRST + SECOND; to++) {
			struct extents extents, expected;

			extents_start(&extents, DISK * UNIT);
			extents_start(&expected, DISK * UNIT);
			piece_used(piece, &extents, from * UNIT, (to - from) * UNIT);
			for (unsigned i = from; i < to; i++)
				extents_add(&expected, places[i] * (uint64_t)UNIT, UNIT);
			extents_sort(&extents);
			extents_sort(&expected);
			assert_int_equal(extents.count, expected.count);
			assert_memory_equal(extents.extent, expected.extent,
					    extents.count * sizeof(*extents.extent));
			assert_true(piece_within(piece, &extents) == (to - from) * UNIT);
			extents_clear(&extents);
			extents_clear(&expected);
		}
	for (unsigned i = 0; i < FIRST + SECOND; i++) {
		assert_true(piece_read(piece, disk, i * UNIT + 100, bytes, 1));
		assert_int_equal(bytes[0], places[i]);
	}
	assert_true(piece_read(piece, disk, 4 * UNIT, bytes, UNIT));
	assert_false(piece_read(piece, disk, (FIRST + SECOND) * UNIT - 1, bytes, 2));
	assert_false(piece_read(piece, disk, UINT64_MAX, bytes, 2));
	close(disk);
	pieces_clear(&pieces);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_units),     cmocka_unit_test(test_add),
		cmocka_unit_test(test_each),      cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_runs),      cmocka_unit_test(test_most),
		cmocka_unit_test(test_most_near), cmocka_unit_test(test_invert),
		cmocka_unit_test(test_write),     cmocka_unit_test(test_piece),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
