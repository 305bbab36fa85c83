// SPDX-License-Identifier: GPL-2.0-or-later
/* relay/sweep.c, with a real store: what comes next, when all is there, and when it stops. */
#include "relay/sweep.h"

#include "base/cleanup.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MIB (1ULL << 20)
#define UNIT 4096U
#define BLOCK 65536U
#define SIZE (64 * MIB)
#define SECONDS 60

static size_t in_use;
static const struct ahead nothing;

struct stage {
	struct loop *loop;
	struct store *store;
	struct fetches fetches;
	struct sweep *sweep;
};

/* Extents in units. */
static struct map *make_map(const uint32_t *numbers, size_t count)
{
	uint8_t head[MAP_HEAD] = "P2VMAP1\n";
	const char *wrong;
	struct map *map;
	size_t length;

	head[11] = SIZE >> 24; /* little-endian at 8 */
	head[17] = UNIT >> 8;
	head[20] = (uint8_t)(count / 2);
	map = map_begin(head, SIZE, &wrong);
	assert_non_null(map);
	memcpy(map_room(map, &length), numbers, count * sizeof(*numbers));
	assert_null(map_end(map));
	return map;
}

static void begin(struct stage *stage, uint64_t room, const uint32_t *numbers, size_t count)
{
	AUTO_FREE char *reason = NULL;

	stage->loop = loop_new();
	stage->store = store_new(stage->loop, getenv("TMPDIR") ?: "/tmp", SIZE, BLOCK, room,
				 &reason);
	if (!stage->store)
		fail_msg("%s", reason);
	fetches_begin(&stage->fetches);
	stage->sweep = sweep_new(make_map(numbers, count), SIZE, BLOCK);
}

static void end(struct stage *stage)
{
	fetches_end(&stage->fetches);
	store_free(stage->store);
	sweep_free(stage->sweep);
	loop_free(stage->loop);
	assert_int_equal(in_use, 0);
	buffer_end();
}

/* The block at @offset has come, and is in the store. */
static void bring(struct stage *stage, uint64_t offset)
{
	uint64_t limit = loop_now() + SECONDS * 1000;
	struct buffer *buffer = buffer_new(BLOCK, &in_use);

	memset(buffer->data, 7, BLOCK);
	sweep_came(stage->sweep, offset, BLOCK);
	assert_true(store_keep(stage->store, offset, buffer, BLOCK, true));
	buffer_drop(buffer);
	while (!(store_has(stage->store, offset) && store_is_settled(stage->store)) &&
	       loop_now() < limit)
		loop_turn(stage->loop, 10);
	assert_true(store_has(stage->store, offset));
}

static bool next(struct stage *stage, uint64_t *offset)
{
	sweep_look(stage->sweep, stage->store);
	return sweep_next(stage->sweep, stage->store, &stage->fetches, offset);
}

static void expect_next(struct stage *stage, uint64_t expected)
{
	uint64_t offset;

	assert_true(next(stage, &offset));
	assert_int_equal(offset, expected);
}

/* Only blocks of which something is used, from the beginning on, until all are there. */
static void test_order(void **state)
{
	const uint32_t numbers[] = { 3, 1, 15, 2, 320, 1, 16383, 1 };
	struct stage stage;
	uint8_t data[BLOCK + 100];
	uint64_t offset;

	(void)state;
	begin(&stage, SIZE, numbers, COUNT(numbers));
	assert_true(sweep_wants(stage.sweep, 0) && sweep_wants(stage.sweep, BLOCK + 5));
	assert_false(sweep_wants(stage.sweep, 2 * BLOCK));
	expect_next(&stage, 0);
	expect_next(&stage, 0);
	bring(&stage, 0);
	assert_int_equal(stage.sweep->fetched, 2 * UNIT);
	expect_next(&stage, BLOCK);
	/* What somebody else has asked for comes without it. */
	fetches_add(&stage.fetches, NBD_CMD_READ, BLOCK, BLOCK);
	expect_next(&stage, 20 * BLOCK);
	bring(&stage, BLOCK);
	bring(&stage, 20 * BLOCK);
	bring(&stage, 20 * BLOCK); /* it counts once */
	expect_next(&stage, SIZE - BLOCK);
	assert_false(stage.sweep->complete);
	bring(&stage, SIZE - BLOCK);
	assert_false(next(&stage, &offset));
	assert_true(stage.sweep->complete);
	assert_int_equal(stage.sweep->fetched, 5 * UNIT);
	/* The copy takes nothing away from that. */
	sweep_pass(stage.sweep, stage.store, 40 * MIB, &nothing);
	sweep_look(stage.sweep, stage.store);
	assert_true(stage.sweep->complete);
	/* Something is lost: a read beyond the end fails. */
	assert_false(store_read(stage.store, SIZE - BLOCK, data, sizeof(data)));
	expect_next(&stage, SIZE - BLOCK);
	assert_false(stage.sweep->complete);
	end(&stage);
}

/* It stops where the store is full, and goes on behind the copy. */
static void test_full(void **state)
{
	const uint32_t numbers[] = { 0, SIZE / UNIT };
	struct stage stage;
	uint64_t offset, count = 0;

	(void)state;
	begin(&stage, 20 * MIB, numbers, COUNT(numbers));
	while (next(&stage, &offset)) {
		assert_int_equal(offset, count * BLOCK);
		bring(&stage, offset);
		count++;
	}
	assert_in_range(count * BLOCK, 19 * MIB, 20 * MIB);
	assert_true(stage.sweep->full);
	sweep_pass(stage.sweep, stage.store, 15 * MIB, &nothing);
	assert_false(next(&stage, &offset));
	assert_true(store_has(stage.store, 0));
	sweep_pass(stage.sweep, stage.store, 17 * MIB, &nothing);
	assert_false(store_has(stage.store, 0));
	expect_next(&stage, count * BLOCK);
	while (next(&stage, &offset))
		bring(&stage, offset);
	assert_false(stage.sweep->complete);
	/* It is copied again. */
	sweep_pass(stage.sweep, stage.store, 0, &nothing);
	assert_false(next(&stage, &offset));
	assert_int_equal(stage.sweep->at, 0);
	end(&stage);
}

/* What the copy has read does not come again, and what it leaves out does. */
static void test_copied(void **state)
{
	const uint32_t numbers[] = { 0, SIZE / UNIT };
	struct ahead copy = { 0 };
	struct stage stage;
	uint64_t at = 0;

	(void)state;
	begin(&stage, SIZE, numbers, COUNT(numbers));
	bring(&stage, 0);
	for (; at < 4 * MIB; at += BLOCK)
		ahead_note(&copy, at, at + BLOCK);
	sweep_pass(stage.sweep, stage.store, 1, &copy);
	expect_next(&stage, BLOCK); /* all of it can be in the store yet */
	sweep_pass(stage.sweep, stage.store, BLOCK, &copy);
	expect_next(&stage, 4 * MIB);
	/* Another thread of the copy goes on elsewhere. */
	for (at = 20 * MIB; at < 22 * MIB; at += BLOCK)
		ahead_note(&copy, at, at + BLOCK);
	bring(&stage, 4 * MIB);
	expect_next(&stage, 4 * MIB + BLOCK);
	fetches_add(&stage.fetches, NBD_CMD_READ, 4 * MIB + BLOCK, BLOCK);
	stage.sweep->ahead = 20 * MIB - BLOCK;
	expect_next(&stage, 20 * MIB - BLOCK);
	stage.sweep->ahead = 20 * MIB;
	expect_next(&stage, 22 * MIB);
	end(&stage);
}

/* What somebody else has asked for, and then is not stored, comes; and while he has it, nothing is
 * looked through again and again. */
static void test_asked_by_others(void **state)
{
	const uint32_t numbers[] = { 0, SIZE / UNIT };
	struct stage stage;

	(void)state;
	begin(&stage, SIZE, numbers, COUNT(numbers));
	fetches_add(&stage.fetches, NBD_CMD_READ, 0, BLOCK);
	expect_next(&stage, BLOCK);
	stage.sweep->ahead = 10 * BLOCK;
	expect_next(&stage, 10 * BLOCK);
	fetches_tidy(&stage.fetches, stage.store, true);
	expect_next(&stage, 0);
	end(&stage);
}

static struct fetch *add_left_over(struct stage *stage, uint64_t offset)
{
	struct fetch *fetch = fetches_add(&stage->fetches, NBD_CMD_READ, offset, BLOCK);

	fetch->buffer = buffer_new(BLOCK, &in_use);
	memset(fetch->buffer->data, 7, BLOCK);
	fetch->state = FETCH_HERE;
	return fetch;
}

/* What came for somebody else, and the store did not take then, or has lost, gets there; but not
 * while virt-v2v copies. */
static void test_left_over(void **state)
{
	const uint32_t numbers[] = { 0, 2 * BLOCK / UNIT };
	uint64_t limit = loop_now() + SECONDS * 1000, offset;
	struct ahead copy = { 0 };
	struct fetch *lost;
	struct stage stage;

	(void)state;
	begin(&stage, SIZE, numbers, COUNT(numbers));
	add_left_over(&stage, 0);
	lost = add_left_over(&stage, BLOCK);
	lost->kept = true;
	sweep_pass(stage.sweep, stage.store, BLOCK, &copy);
	sweep_settle(stage.sweep, stage.store, &stage.fetches);
	assert_int_equal(store_count(stage.store), 0);
	assert_int_equal(lost->served, 0);
	sweep_pass(stage.sweep, stage.store, 0, &copy);
	while (!stage.sweep->complete && loop_now() < limit) {
		loop_turn(stage.loop, 10);
		sweep_settle(stage.sweep, stage.store, &stage.fetches);
		sweep_look(stage.sweep, stage.store);
		fetches_tidy(&stage.fetches, stage.store, false);
		if (sweep_next(stage.sweep, stage.store, &stage.fetches, &offset))
			add_left_over(&stage, offset)->background = true;
	}
	assert_true(stage.sweep->complete);
	assert_int_equal(store_count(stage.store), 2);
	end(&stage);
}

/* What is used of a fetch is asked for, in one piece or several, and the rest is zeros. */
static void test_trim(void **state)
{
	const uint32_t numbers[] = { 3, 1, 15, 2, 40, 8 };
	struct fetch *fetch;
	struct stage stage;

	(void)state;
	begin(&stage, SIZE, numbers, COUNT(numbers));
	for (unsigned i = 0; i < 4; i++) {
		fetch = fetches_add(&stage.fetches, NBD_CMD_READ, i * BLOCK, BLOCK);
		fetch->buffer = buffer_new(BLOCK, &in_use);
		memset(fetch->buffer->data, 1, BLOCK);
		/* In the third, by multiples that the machine wants. */
		sweep_trim(stage.sweep, fetch, i == 2 ? 3 * UNIT : 512);
		for (unsigned j = 0; j < BLOCK; j++)
			assert_int_equal(fetch->buffer->data[j], 0);
		if (i == 0) {
			assert_int_equal(fetch->state, FETCH_DIVIDED);
			assert_int_equal(fetch->missing, 2);
			assert_int_equal(fetch->pieces->from, 3 * UNIT);
			assert_int_equal(fetch->pieces->span, UNIT);
			assert_int_equal(fetch->pieces->next->from, 15 * UNIT);
			assert_false(fetch_piece_here(fetch->pieces));
			assert_true(fetch_piece_here(fetch->pieces->next));
		} else if (i == 1) {
			assert_int_equal(fetch->from, 0);
			assert_int_equal(fetch->span, UNIT);
		} else if (i == 2) {
			assert_int_equal(fetch->from, 7 * UNIT); /* 39 of the disk */
			assert_int_equal(fetch->span, 9 * UNIT);
		} else {
			assert_int_equal(fetch->span, 0);
		}
	}
	end(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),     cmocka_unit_test(test_full),
		cmocka_unit_test(test_copied),    cmocka_unit_test(test_asked_by_others),
		cmocka_unit_test(test_left_over), cmocka_unit_test(test_trim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
