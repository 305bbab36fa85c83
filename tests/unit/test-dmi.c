// SPDX-License-Identifier: GPL-2.0-or-later
/* dmi.c: memory modules in valid and damaged tables. */
#include "fixtures.h"
#include "machine/dmi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define MIB ((uint64_t)1 << 20)

static uint64_t memory_of(const struct fixture_table *table, size_t length)
{
	/* Memory of exactly its size, so that a sanitizer sees a read beyond the end. */
	uint8_t *exact = malloc(length ? length : 1);
	uint64_t memory;
	struct dmi dmi;

	memcpy(exact, table->bytes, length);
	dmi_parse(&dmi, exact, length);
	memory = dmi.memory;
	dmi_clear(&dmi);
	free(exact);
	return memory;
}

static void adds_unlike_modules(void **state)
{
	struct fixture_table table = fixture_memory();
	struct dmi dmi;

	(void)state;
	dmi_parse(&dmi, table.bytes, table.length);
	assert_true(dmi.memory == 24576 * MIB);
	assert_int_equal(dmi.count, 3);
	assert_string_equal(dmi.module[1].slot, "DIMM_B1");
	assert_true(dmi.module[1].bytes == 4096 * MIB);
	dmi_clear(&dmi);
}

/* One module, changed at one place. */
static uint64_t memory_with(size_t offset, uint64_t value, int size)
{
	struct fixture_table table = { 0 };

	fixture_array(&table, 0x10, 3);
	fixture_module(&table, 0x10, "DIMM_A1", 1024);
	fixture_put_number(table.bytes + 0x17 + 2 + offset, value, size);
	return memory_of(&table, table.length);
}

static void reads_sizes(void **state)
{
	struct fixture_table large = { 0 };

	(void)state;
	assert_true(memory_with(0x0c, 1024, 2) == 1024 * MIB);
	assert_true(memory_with(0x0c, 0x8000 | 512, 2) == 512 * 1024);
	assert_true(memory_with(0x0c, 0xffff, 2) == 0);
	assert_true(memory_with(0x0c, 0, 2) == 0);
	fixture_module(&large, 0x10, "DIMM_A1", 65536);
	assert_true(memory_of(&large, large.length) == 65536 * MIB);
}

static void leaves_out_what_is_no_memory(void **state)
{
	(void)state;
	assert_true(memory_with(0x12, 0x09, 1) == 0); /* flash */
	assert_true(memory_with(0x12, 0x05, 1) == 0); /* video memory */
	assert_true(memory_with(0x12, 0x1f, 1) == 0); /* not volatile */
	assert_true(memory_with(0x12, 0x18, 1) == 1024 * MIB);
	assert_true(memory_with(0x04, 0x99, 1) == 1024 * MIB); /* an array that is not listed */
}

static void bears_short_structures(void **state)
{
	struct fixture_table table = { 0 };

	(void)state;
	fixture_structure(&table, 17, 4, 1, "x");
	fixture_structure(&table, 17, 0x0e, 2, "x")[0x0d] = 4;
	assert_true(memory_of(&table, table.length) == 1024 * MIB);
}

static void bears_every_cut(void **state)
{
	struct fixture_table table = fixture_memory();

	(void)state;
	for (size_t length = 0; length <= table.length; length++)
		assert_true(memory_of(&table, length) <= 24576 * MIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_unlike_modules),
		cmocka_unit_test(reads_sizes),
		cmocka_unit_test(leaves_out_what_is_no_memory),
		cmocka_unit_test(bears_short_structures),
		cmocka_unit_test(bears_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
