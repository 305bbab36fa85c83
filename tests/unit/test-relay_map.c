// SPDX-License-Identifier: GPL-2.0-or-later
/* relay/map.c: what is a map, and what it says. */
#include "relay/map.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "blocks/extents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define UNIT 4096U
#define SIZE (100ULL * UNIT + 700) /* the last unit is cut */
#define NUMBERS 2000

struct file {
	uint8_t bytes[MAP_HEAD + NUMBERS * 4];
	size_t length;
};

static void put(struct file *file, size_t at, uint64_t number, size_t size)
{
	for (size_t i = 0; i < size; i++)
		file->bytes[at + i] = (uint8_t)(number >> (8 * i));
}

static void make(struct file *file, const uint32_t *numbers, size_t count)
{
	memcpy(file->bytes, "P2VMAP1\n", 8);
	put(file, 8, SIZE, 8);
	put(file, 16, UNIT, 4);
	put(file, 20, count / 2, 4);
	for (size_t i = 0; i < count; i++)
		put(file, MAP_HEAD + 4 * i, numbers[i], 4);
	file->length = MAP_HEAD + 4 * count;
}

/* As it is read from a file that has all. */
static struct map *read_map(const struct file *file, uint64_t size, const char **wrong)
{
	struct map *map = map_begin(file->bytes, size, wrong);
	uint8_t *room;
	size_t length;

	if (!map)
		return NULL;
	room = map_room(map, &length);
	assert_int_equal(length, file->length - MAP_HEAD);
	memcpy(room, file->bytes + MAP_HEAD, length);
	*wrong = map_end(map);
	if (*wrong) {
		map_free(map);
		return NULL;
	}
	return map;
}

static void expect_wrong(const struct file *file, const char *expected)
{
	const char *wrong = NULL;

	assert_null(read_map(file, SIZE, &wrong));
	assert_string_equal(wrong, expected);
}

static void refuses_what_is_wrong(void **state)
{
	static const char end[] = "it goes beyond the disk's end";
	static const char order[] = "its parts do not ascend, or touch";
	const uint32_t right[] = { 0, 1, 5, 3, 99, 2 };
	const struct {
		uint32_t numbers[4];
		const char *wrong;
	} extents[] = {
		{ { 0, 0, 5, 1 }, "a part of it is empty" },
		{ { 0, 5, 5, 1 }, order },
		{ { 0, 6, 5, 1 }, order },
		{ { 5, 1, 0, 1 }, order },
		{ { 5, 1, 5, 1 }, order },
		{ { 5, 1, 100, 2 }, end },
		{ { 5, 1, 101, 1 }, end },
		{ { 5, UINT32_MAX, 7, 1 }, end },
		{ { 5, 1, UINT32_MAX, UINT32_MAX }, end },
	};
	struct file file;

	(void)state;
	for (size_t i = 0; i < COUNT(extents); i++) {
		make(&file, extents[i].numbers, 4);
		expect_wrong(&file, extents[i].wrong);
	}
	make(&file, right, COUNT(right));
	file.bytes[7] = '2';
	expect_wrong(&file, "it is no map");
	make(&file, right, COUNT(right));
	put(&file, 8, SIZE - 1, 8);
	expect_wrong(&file, "it is that of a disk of another size");
	for (uint32_t unit = 0; unit < 4096; unit = unit * 2 + 1) {
		make(&file, right, COUNT(right));
		put(&file, 16, unit, 4);
		expect_wrong(&file, "its unit makes no sense");
	}
	put(&file, 16, 12288, 4);
	expect_wrong(&file, "its unit makes no sense");
	make(&file, right, COUNT(right));
	_Static_assert(EXTENTS_MOST <= MAP_EXTENTS_MAX, "p2v-map may write what the relay refuses");
	put(&file, 20, MAP_EXTENTS_MAX + 1, 4);
	expect_wrong(&file, "it has too many parts");
	make(&file, right, COUNT(right));
	put(&file, 8, 1ULL << 60, 8);
	{
		const char *wrong = NULL;

		assert_null(map_begin(file.bytes, 1ULL << 60, &wrong));
		assert_string_equal(wrong, "its unit is too small for the disk");
	}
}

static void expect_next(const struct map *map, uint64_t at, uint64_t start, uint64_t end)
{
	uint64_t from = 0, to = 0;

	assert_true(map_next(map, at, &from, &to));
	assert_int_equal(from, start);
	assert_int_equal(to, end);
}

static void says_what_is_used(void **state)
{
	const uint32_t numbers[] = { 1, 1, 5, 3, 99, 2 };
	struct file file;
	const char *wrong = NULL;
	struct map *map;
	uint64_t from, to;

	(void)state;
	make(&file, numbers, COUNT(numbers));
	map = read_map(&file, SIZE, &wrong);
	assert_non_null(map);
	assert_int_equal(map_used(map), 5 * UNIT + 700);
	expect_next(map, 0, UNIT, 2 * UNIT);
	expect_next(map, 2 * UNIT - 1, UNIT, 2 * UNIT);
	expect_next(map, 2 * UNIT, 5 * UNIT, 8 * UNIT);
	expect_next(map, SIZE - 1, 99 * UNIT, SIZE);
	assert_false(map_next(map, SIZE, &from, &to));
	assert_int_equal(map_used_in(map, 0, UNIT), 0);
	assert_int_equal(map_used_in(map, 0, UNIT + 1), 1);
	assert_int_equal(map_used_in(map, UNIT + 5, 6 * UNIT), 2 * UNIT - 5);
	assert_int_equal(map_used_in(map, 0, UINT64_MAX), 5 * UNIT + 700);
	map_free(map);

	/* Nothing at all may be used, and all. */
	make(&file, numbers, 0);
	map = read_map(&file, SIZE, &wrong);
	assert_non_null(map);
	assert_int_equal(map_used(map), 0);
	assert_false(map_next(map, 0, &from, &to));
	map_free(map);
	make(&file, (const uint32_t[]){ 0, 101 }, 2);
	map = read_map(&file, SIZE, &wrong);
	assert_non_null(map);
	assert_int_equal(map_used(map), SIZE);
	expect_next(map, 1, 0, SIZE);
	map_free(map);
}

/* Beside a slow and simple way to find it out. */
static void agrees_with_a_bitmap(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		uint32_t numbers[102], at = 0;
		bool used[102] = { 0 };
		size_t count = 0;
		struct file file;
		const char *wrong = NULL;
		struct map *map;
		uint64_t sum = 0;

		while (true) {
			uint32_t first = at + (unsigned)rand_r(&seed) % 4;
			uint32_t length = 1 + (unsigned)rand_r(&seed) % 5;

			if (first + length > 101)
				break;
			numbers[count++] = first;
			numbers[count++] = length;
			memset(used + first, 1, length);
			at = first + length + 1;
		}
		make(&file, numbers, count);
		map = read_map(&file, SIZE, &wrong);
		assert_non_null(map);
		for (uint64_t i = 0; i < SIZE; i += 511) {
			uint64_t unit = i / UNIT, from, to, rest = SIZE - i < 511 ? SIZE - i : 511;
			bool any = map_next(map, i, &from, &to);

			assert_int_equal(any && from <= i, used[unit]);
			while (unit < 101 && !used[unit])
				unit++;
			assert_int_equal(any, unit < 101);
			sum += map_used_in(map, i, i + rest);
		}
		assert_int_equal(sum, map_used(map));
		map_free(map);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_wrong),
		cmocka_unit_test(says_what_is_used),
		cmocka_unit_test(agrees_with_a_bitmap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
