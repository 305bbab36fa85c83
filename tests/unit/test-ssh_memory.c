// SPDX-License-Identifier: GPL-2.0-or-later
/* ssh_memory: blocks that come and go, and what is forgotten. The sanitizers see the rest. */
#include "ssh/ssh_memory.h"

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* In any order, and no block touches another. */
static void test_blocks(void **state)
{
	struct ssh_memory memory = { 0 };
	char *blocks[8];

	(void)state;
	for (size_t i = 0; i < COUNT(blocks); i++) {
		blocks[i] = ssh_memory_get(&memory, 16 * i);
		assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
		memset(blocks[i], (int)i, 16 * i);
	}
	ssh_memory_free(&memory, blocks[7]);
	ssh_memory_free(&memory, blocks[0]);
	ssh_memory_free(&memory, blocks[3]);
	ssh_memory_free(&memory, NULL);
	blocks[2] = ssh_memory_resize(&memory, blocks[2], 4096);
	blocks[5] = ssh_memory_resize(&memory, blocks[5], 8);
	assert_int_equal(blocks[2][31], 2);
	assert_int_equal(blocks[2][32], 0);
	assert_int_equal(blocks[5][7], 5);
	assert_int_equal(blocks[6][95], 6);
	blocks[0] = ssh_memory_resize(&memory, NULL, 4);
	assert_int_equal(blocks[0][3], 0);
	ssh_memory_free(&memory, blocks[5]);
	ssh_memory_clear(&memory);
	assert_null(memory.first);
	ssh_memory_clear(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
