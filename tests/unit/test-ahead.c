// SPDX-License-Identifier: GPL-2.0-or-later
/* Which reads are a sequence, and how far ahead of them is read. */
#include "relay/ahead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MIB (1ULL << 20)
#define PIECE (256ULL << 10)
#define SIZE (4096 * MIB)

/* @count reads in order from @offset on. Returns where they end. */
static uint64_t follow(struct ahead *ahead, uint64_t offset, unsigned count)
{
	for (unsigned i = 0; i < count; i++, offset += PIECE)
		ahead_note(ahead, offset, offset + PIECE);
	return offset;
}

/* Reads ahead as far as is wanted, and counts: bytes of each sequence by where it is. */
static uint64_t take_all(struct ahead *ahead, uint64_t at, uint64_t size)
{
	struct sequence *sequence;
	uint64_t bytes = 0;

	while ((sequence = ahead_next(ahead, size))) {
		bytes += sequence->at == at ? PIECE : 0;
		sequence->ahead += PIECE;
	}
	return bytes;
}

static void test_one(void **state)
{
	struct ahead ahead = { 0 };
	uint64_t at = follow(&ahead, 100 * MIB, 7);

	(void)state;
	assert_null(ahead_next(&ahead, SIZE)); /* too few to tell */
	at = follow(&ahead, at, 1);
	assert_non_null(ahead_next(&ahead, SIZE));
	assert_int_equal(ahead_next(&ahead, SIZE)->ahead, at);
	/* Further and further, and not beyond all bounds, nor the end. */
	assert_int_equal(take_all(&ahead, at, SIZE), 2 * MIB + 8 * 2 * PIECE);
	at = follow(&ahead, at, 200);
	assert_in_range(take_all(&ahead, at, SIZE), 1, AHEAD_MAX);
	assert_int_equal(ahead.sequences[0].ahead - at, AHEAD_MAX);
	at = follow(&ahead, at, 40);
	assert_int_equal(take_all(&ahead, at, at + MIB), 0);
	assert_int_equal(take_all(&ahead, at, SIZE), 40 * PIECE);
}

/* Threads that get in each other's way a little. */
static void test_order(void **state)
{
	struct ahead ahead = { 0 };

	(void)state;
	for (unsigned i = 0; i < 32; i += 2) {
		follow(&ahead, (i + 1) * PIECE, 1);
		follow(&ahead, i * PIECE, 1);
	}
	assert_int_equal(ahead_next(&ahead, SIZE)->ahead, 32 * PIECE);
}

static void test_several(void **state)
{
	struct ahead ahead = { 0 };
	uint64_t one = 0, other = 128 * MIB;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		one = follow(&ahead, one, 1);
		other = follow(&ahead, other, 1);
	}
	assert_int_equal(take_all(&ahead, one, SIZE), AHEAD_MAX / 2);
	assert_int_equal(ahead.sequences[1].ahead - other, AHEAD_MAX / 2);
	/* Not into what the other one has read. */
	for (unsigned i = 0; i < 400; i++) {
		one = follow(&ahead, one, 1);
		other = follow(&ahead, other, 1);
	}
	take_all(&ahead, one, SIZE);
	assert_int_equal(one, 125 * MIB);
	assert_int_equal(ahead.sequences[0].ahead, 128 * MIB);
	assert_int_equal(ahead.sequences[1].ahead - other, AHEAD_MAX / 2);
	/* When one has gone, the other has all the room. */
	other = follow(&ahead, other, 200);
	take_all(&ahead, other, SIZE);
	assert_int_equal(ahead.sequences[1].ahead - other, AHEAD_MAX);
	assert_int_equal(ahead.sequences[0].ahead, 128 * MIB);
}

/* The first reads of a thread come in any order: another sequence ends before all of them. */
static void test_begin(void **state)
{
	struct ahead ahead = { 0 };
	uint64_t at;

	(void)state;
	for (unsigned i = 16; i > 0; i--)
		follow(&ahead, 128 * MIB + (i - 1) * PIECE, 1);
	at = follow(&ahead, 0, 500);
	take_all(&ahead, at, SIZE);
	assert_int_equal(at, 125 * MIB);
	assert_int_equal(ahead.sequences[1].ahead, 128 * MIB);
}

static void test_nowhere(void **state)
{
	struct ahead ahead = { 0 };
	uint64_t at = 77;

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		at = (at * 6364136223846793005ULL + 1442695040888963407ULL) % SIZE;
		ahead_note(&ahead, at, at + 4096);
		if (i % 100 == 0 && ahead_next(&ahead, SIZE))
			assert_in_range(ahead_next(&ahead, SIZE)->reads, 8, 10000);
	}
	/* At the very end of the largest disk nothing overflows. */
	ahead = (struct ahead){ 0 };
	follow(&ahead, INT64_MAX - 8 * PIECE, 8);
	assert_null(ahead_next(&ahead, INT64_MAX));
}

static void test_measure(void **state)
{
	struct ahead ahead = { 0 };
	uint64_t now = 5000, bytes = 0;

	(void)state;
	assert_int_equal(ahead_allowed(&ahead), 4 * MIB);
	/* Nothing for the first 100 ms, then 100 MB/s. */
	ahead_measure(&ahead, 0, true, now);
	ahead_measure(&ahead, 0, true, now += 100);
	assert_int_equal(ahead_allowed(&ahead), 4 * MIB);
	ahead_measure(&ahead, bytes += 9000000, true, now += 90);
	assert_int_equal(ahead_allowed(&ahead), 4 * MIB);
	ahead_measure(&ahead, bytes += 1000000, true, now += 10);
	assert_int_equal(ahead_allowed(&ahead), 50000000);
	/* A pause in which nobody wants anything says nothing. */
	ahead_measure(&ahead, bytes, false, now += 1);
	ahead_measure(&ahead, bytes, true, now += 10000);
	assert_int_equal(ahead_allowed(&ahead), 50000000);
	ahead_measure(&ahead, bytes += 10000000, true, now += 100);
	assert_int_equal(ahead_allowed(&ahead), 50000000);
	/* It becomes slow, 1 MB/s. */
	for (unsigned i = 0; i < 20; i++)
		ahead_measure(&ahead, bytes += 100000, true, now += 100);
	assert_int_equal(ahead_allowed(&ahead), 4 * MIB);
}

/* In the background: no more than keeps the line busy, and little while somebody waits. */
static void test_behind(void **state)
{
	struct ahead ahead = { 0 };

	(void)state;
	assert_int_equal(ahead_allowed_behind(&ahead, 100, false), MIB / 2);
	ahead.per_second = 100 * MIB;
	assert_int_equal(ahead_allowed_behind(&ahead, 0, false), 2 * MIB);
	assert_int_equal(ahead_allowed_behind(&ahead, 100, false), 22 * MIB);
	assert_int_equal(ahead_allowed_behind(&ahead, 100, true), MIB / 2);
	assert_int_equal(ahead_allowed_behind(&ahead, UINT64_MAX, false),
			 ahead_allowed_behind(&ahead, 1000, false));
}

/* Threads copy parts of the disk: all before the least of them was read. */
static void test_position(void **state)
{
	struct ahead ahead = { 0 };
	uint64_t one, other;

	(void)state;
	assert_int_equal(ahead_position(&ahead), 0);
	one = follow(&ahead, 0, 20);
	assert_int_equal(ahead_position(&ahead), 0); /* reads may come in another order */
	one = follow(&ahead, one, 60);
	other = follow(&ahead, 128 * MIB, 40);
	assert_int_equal(ahead_position(&ahead), one - 8 * MIB);
	assert_true(ahead_has_passed(&ahead, 0) && ahead_has_passed(&ahead, one - 1));
	assert_false(ahead_has_passed(&ahead, one) || ahead_has_passed(&ahead, 128 * MIB - 1));
	assert_true(ahead_has_passed(&ahead, 128 * MIB) && ahead_has_passed(&ahead, other - 1));
	assert_false(ahead_has_passed(&ahead, other));
	other = follow(&ahead, other, 100);
	assert_int_equal(ahead_position(&ahead), other - 8 * MIB); /* the first one has ended */
	assert_false(ahead_has_passed(&ahead, 0));
	ahead_forget(&ahead);
	assert_false(ahead_has_passed(&ahead, other - 1));
	assert_int_equal(ahead_position(&ahead), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),     cmocka_unit_test(test_order),
		cmocka_unit_test(test_behind),  cmocka_unit_test(test_position),
		cmocka_unit_test(test_several), cmocka_unit_test(test_begin),
		cmocka_unit_test(test_nowhere), cmocka_unit_test(test_measure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
