// SPDX-License-Identifier: GPL-2.0-or-later
/* The store, with a real file: it keeps, gives back, drops the oldest, and leaves nothing. */
#include "relay/store.h"

#include "base/cleanup.h"
#include "base/memory.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define MIB (1U << 20)
#define BLOCK 65536U
#define SIZE (64U * MIB + 1000) /* the last block is a short one */
#define SECONDS 60

static size_t in_use;

static const char *directory(void)
{
	return getenv("TMPDIR") ?: "/tmp";
}

static struct store *make(struct loop *loop, uint64_t room)
{
	AUTO_FREE char *reason = NULL;
	struct store *store = store_new(loop, directory(), SIZE, BLOCK, room, &reason);

	if (!store)
		fail_msg("%s", reason);
	return store;
}

/* What the disk has at @offset: no two blocks are alike, and some are zeros. */
static void fill(uint8_t *data, uint64_t offset, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		uint64_t at = offset + i;

		data[i] = at / BLOCK % 5 == 3 ? 0 : (uint8_t)(at / BLOCK * 7 + at * 13 + 1);
	}
}

static void keep(struct store *store, uint64_t offset, size_t length)
{
	struct buffer *buffer = buffer_new(length, &in_use);

	fill(buffer->data, offset, length);
	store_keep(store, offset, buffer, length, false);
	buffer_drop(buffer);
}

/* Lets the loop run until the block at @offset is there. */
static void expect_kept(struct loop *loop, struct store *store, uint64_t offset)
{
	uint64_t end = loop_now() + SECONDS * 1000;

	while (!store_has(store, offset) && loop_now() < end)
		loop_turn(loop, 10);
	assert_true(store_has(store, offset));
}

static void expect_bytes(struct store *store, uint64_t offset, size_t length)
{
	AUTO_FREE uint8_t *want = memory_need(malloc(length));
	AUTO_FREE uint8_t *got = memory_need(malloc(length));

	fill(want, offset, length);
	assert_true(store_read(store, offset, got, length));
	assert_memory_equal(got, want, length);
}

static unsigned files(void)
{
	DIR *dir = opendir(directory());
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void end(struct loop *loop, struct store *store)
{
	store_free(store);
	loop_free(loop);
	assert_int_equal(in_use, 0);
	buffer_end();
}

static void test_keeps(void **state)
{
	struct loop *loop = loop_new();
	struct store *store = make(loop, SIZE);
	unsigned before = files();

	(void)state;
	for (uint64_t at = 0; at < SIZE; at += BLOCK)
		assert_false(store_has(store, at));
	assert_int_equal(store_bytes(store), 0);
	assert_true(store_is_ready(store, 0));
	keep(store, 0, BLOCK);
	keep(store, MIB, 4 * BLOCK);
	keep(store, 64 * MIB, 1000);
	expect_kept(loop, store, 64 * MIB);
	assert_true(store_has(store, 0) && store_has(store, 1));
	assert_false(store_has(store, BLOCK));
	for (unsigned i = 0; i < 4; i++)
		assert_true(store_has(store, MIB + i * BLOCK));
	assert_false(store_has(store, MIB + 4 * BLOCK));
	assert_int_equal(store_bytes(store), 5 * BLOCK + 1000);
	assert_null(store_trouble(store));
	expect_bytes(store, 0, BLOCK);
	expect_bytes(store, MIB, 4 * BLOCK);
	expect_bytes(store, MIB + BLOCK, BLOCK);
	expect_bytes(store, 64 * MIB, 1000);
	/* Again: it is counted once. */
	keep(store, 0, BLOCK);
	keep(store, 2 * MIB, BLOCK);
	expect_kept(loop, store, 2 * MIB);
	assert_int_equal(store_bytes(store), 6 * BLOCK + 1000);
	/* Its file has no name. */
	assert_int_equal(files(), before);
	end(loop, store);
}

/* A failed read is known to have failed, and what it was about is asked for again. */
static void test_no_read(void **state)
{
	struct loop *loop = loop_new();
	struct store *store = make(loop, SIZE);
	uint8_t data[2000];

	(void)state;
	keep(store, 64 * MIB, 1000);
	expect_kept(loop, store, 64 * MIB);
	/* Beyond the end of the disk there is nothing. */
	assert_false(store_read(store, 64 * MIB, data, sizeof(data)));
	assert_false(store_has(store, 64 * MIB));
	assert_int_equal(store_bytes(store), 0);
	end(loop, store);
}

/* Keeps MiB number @i, whole, as soon as the store takes it. */
static void keep_mib(struct loop *loop, struct store *store, unsigned i)
{
	uint64_t limit = loop_now() + SECONDS * 1000;

	for (unsigned j = 0; j < 4; j++) {
		uint64_t at = (uint64_t)i * MIB + j * 4 * BLOCK;

		while (!store_has(store, at) && loop_now() < limit) {
			keep(store, at, 4 * BLOCK);
			loop_turn(loop, 10);
		}
		assert_true(store_has(store, at));
	}
}

/* Room for half of it: the oldest gives way, and never more is kept. */
static void test_room(void **state)
{
	struct loop *loop = loop_new();
	uint64_t room = 32 * MIB;
	struct store *store = make(loop, room);

	(void)state;
	for (unsigned i = 0; i < 64; i++) {
		keep_mib(loop, store, i);
		assert_true(store_bytes(store) <= room);
	}
	assert_null(store_trouble(store));
	assert_false(store_has(store, 0));
	assert_false(store_has(store, 15 * MIB));
	for (unsigned i = 48; i < 64; i++) {
		assert_true(store_has(store, i * (uint64_t)MIB));
		expect_bytes(store, i * (uint64_t)MIB, MIB);
	}
	/* What was dropped can come back, zeros and all. */
	keep_mib(loop, store, 0);
	expect_bytes(store, 0, MIB);
	assert_true(store_bytes(store) <= room);
	end(loop, store);
}

/* The oldest gives way while others are on their way into the file: what is said to be there has
 * the right bytes. */
static void test_hurry(void **state)
{
	struct loop *loop = loop_new();
	struct store *store = make(loop, 20 * MIB);
	unsigned there = 0;

	(void)state;
	for (unsigned round = 0; round < 20; round++)
		for (uint64_t at = 0; at + 4 * BLOCK <= SIZE; at += 4 * BLOCK) {
			keep(store, at, 4 * BLOCK);
			loop_turn(loop, 0);
			assert_true(store_bytes(store) <= 20 * MIB);
		}
	for (uint64_t at = 0; at + BLOCK <= SIZE; at += BLOCK)
		if (store_has(store, at)) {
			expect_bytes(store, at, BLOCK);
			there++;
		}
	assert_true(there);
	assert_null(store_trouble(store));
	end(loop, store);
}

static bool offer(struct store *store, uint64_t offset)
{
	struct buffer *buffer = buffer_new(4 * BLOCK, &in_use);
	bool taken;

	fill(buffer->data, offset, 4 * BLOCK);
	taken = store_keep(store, offset, buffer, 4 * BLOCK, true);
	buffer_drop(buffer);
	return taken;
}

/* For what is polite nothing gives way; what is not needed any more is given up by whoever knows,
 * and what is lost otherwise is counted. */
static void test_polite(void **state)
{
	struct loop *loop = loop_new();
	struct store *store = make(loop, 32 * MIB);

	(void)state;
	for (unsigned i = 0; i < 32; i++)
		keep_mib(loop, store, i);
	assert_true(store_fits(store, 0));
	assert_false(store_fits(store, 1));
	assert_false(offer(store, 32 * MIB));
	assert_true(store_has(store, 0));
	assert_int_equal(store_losses(store), 0);
	/* Only a whole chunk, and from the beginning. */
	assert_false(store_drop_before(store, 15 * MIB));
	assert_true(store_drop_before(store, 32 * MIB));
	assert_false(store_has(store, 15 * MIB));
	assert_true(store_has(store, 16 * MIB));
	assert_false(store_drop_before(store, 31 * MIB));
	assert_int_equal(store_losses(store), 0);
	assert_true(offer(store, 32 * MIB));
	expect_kept(loop, store, 32 * MIB);
	assert_true(store_is_settled(store));
	expect_bytes(store, 32 * MIB, 4 * BLOCK);
	for (unsigned i = 33; i < 48; i++)
		keep_mib(loop, store, i);
	assert_int_equal(store_losses(store), 0);
	keep_mib(loop, store, 50);
	assert_int_equal(store_losses(store), 1);
	store_grow(store, 20 * MIB);
	store_grow(store, 64 * MIB);
	assert_true(store_fits(store, 16 * MIB));
	end(loop, store);
}

/* What is in the background leaves half of the queue to others, and takes nothing that would be
 * dropped. */
static void test_takes(void **state)
{
	struct loop *loop = loop_new();
	struct store *store = make(loop, SIZE);

	(void)state;
	assert_true(store_takes(store, 8 * MIB));
	assert_false(store_takes(store, 8 * MIB + 1));
	assert_true(store_is_ready(store, 16 * MIB));
	store_rest(store, true);
	assert_false(store_takes(store, 0));
	store_rest(store, false);
	assert_true(store_takes(store, 0));
	end(loop, store);
}

/* Room for nothing. */
static void test_no_room(void **state)
{
	struct loop *loop = loop_new();
	struct store *store = make(loop, BLOCK - 1);

	(void)state;
	keep(store, 0, BLOCK);
	for (unsigned i = 0; i < 10; i++)
		loop_turn(loop, 1);
	assert_false(store_has(store, 0));
	assert_int_equal(store_bytes(store), 0);
	end(loop, store);
}

/* More at once than it takes: the rest is dropped, and no memory is held for it. */
static void test_flood(void **state)
{
	struct loop *loop = loop_new();
	struct store *store = make(loop, SIZE);

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		keep(store, i * 4ULL * BLOCK, 4 * BLOCK);
		assert_true(in_use <= 17 * MIB);
	}
	expect_kept(loop, store, 0);
	for (unsigned i = 0; i < 256; i++)
		if (store_has(store, i * 4ULL * BLOCK))
			expect_bytes(store, i * 4ULL * BLOCK, 4 * BLOCK);
	end(loop, store);
}

/* Offers the block at @offset until it is taken, and waits until it is there. */
static void insist(struct loop *loop, struct store *store, uint64_t offset, size_t length)
{
	uint64_t end = loop_now() + SECONDS * 1000;

	while (!store_has(store, offset) && loop_now() < end) {
		keep(store, offset, length);
		loop_turn(loop, 10);
	}
	assert_true(store_has(store, offset));
}

static void test_lazy(void **state)
{
	struct loop *loop = loop_new();
	struct store *store = make(loop, SIZE);

	(void)state;
	keep(store, 0, BLOCK);
	store_be_lazy(store, true);
	keep(store, 62 * MIB, BLOCK); /* while it changes */
	assert_true(store_is_ready(store, 0));
	expect_kept(loop, store, 0);
	expect_bytes(store, 0, BLOCK);
	insist(loop, store, 62 * MIB, BLOCK);
	/* Nobody waits for it. */
	for (unsigned i = 0; i < 256; i++) {
		keep(store, i * 4ULL * BLOCK, 4 * BLOCK);
		assert_true(store_is_ready(store, 0));
	}
	store_be_lazy(store, false);
	insist(loop, store, 63 * MIB, BLOCK);
	expect_bytes(store, 63 * MIB, BLOCK);
	store_rest(store, true);
	keep(store, 60 * MIB, BLOCK);
	assert_true(store_is_ready(store, 0));
	store_rest(store, false);
	insist(loop, store, 59 * MIB, BLOCK);
	assert_false(store_has(store, 60 * MIB));
	/* It thinks better of it. */
	store_be_lazy(store, true);
	store_be_lazy(store, false);
	insist(loop, store, 61 * MIB, BLOCK);
	expect_bytes(store, 61 * MIB, BLOCK);
	for (unsigned i = 0; i < 256; i++)
		if (store_has(store, i * 4ULL * BLOCK))
			expect_bytes(store, i * 4ULL * BLOCK, BLOCK);
	end(loop, store);
}

/* Blocks may be larger than what usually goes at once, and their number is what counts. */
static void test_huge(void **state)
{
	const uint64_t size = 1ULL << 52, block = 32ULL * MIB;
	struct loop *loop = loop_new();
	AUTO_FREE char *reason = NULL;
	struct store *store = store_new(loop, "/dev/shm", size, (uint32_t)block, block, &reason);

	(void)state;
	if (!store) { /* where there is no tmpfs: few other file systems have such files */
		loop_free(loop);
		print_message("%s\n", reason);
		skip();
	}
	for (uint64_t at = size - block; at >= size / 2; at -= size / 4) {
		keep(store, at, block);
		expect_kept(loop, store, at);
		expect_bytes(store, at, block);
		assert_int_equal(store_bytes(store), block);
	}
	end(loop, store);
}

static void test_places(void **state)
{
	struct loop *loop = loop_new();
	AUTO_FREE char *reason = NULL;
	uint64_t room = store_room(directory(), NULL, 0), rest;

	(void)state;
	assert_null(store_new(loop, "/no/such/directory", SIZE, BLOCK, SIZE, &reason));
	assert_non_null(strstr(reason, "'/no/such/directory': No such file or directory"));
	assert_int_equal(store_room("/no/such/directory", NULL, 0), 0);
	/* What the output needs in the same file system is left. Others use it, too. */
	assert_true(room > 0);
	assert_int_equal(store_room(directory(), directory(), UINT64_MAX / 2), 0);
	rest = store_room(directory(), directory(), room / 2);
	assert_true(rest < room - room / 4);
	assert_true(store_room(directory(), "/proc", room / 2) > room / 2 + room / 4);
	loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps),   cmocka_unit_test(test_no_read),
		cmocka_unit_test(test_room),    cmocka_unit_test(test_hurry),
		cmocka_unit_test(test_polite),  cmocka_unit_test(test_takes),
		cmocka_unit_test(test_no_room), cmocka_unit_test(test_flood),
		cmocka_unit_test(test_lazy),    cmocka_unit_test(test_huge),
		cmocka_unit_test(test_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
