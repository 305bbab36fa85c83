// SPDX-License-Identifier: GPL-2.0-or-later
/* Whatever becomes of the process that looks into a piece: then the piece is used wholly, and the
 * reason says why. */
#include "blocks/inspection.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define MIB ((uint64_t)1 << 20)
#define UNIT 4096
#define SIZE (1000 * (uint64_t)UNIT)

/* Has @inspect look into a piece in the middle of a disk. */
static void expect(inspect_function *inspect, int64_t milliseconds, uint64_t used,
		   const char *reason)
{
	struct pieces pieces = { 0 };
	struct piece *piece = pieces_add(&pieces, strdup("piece"), SIZE);
	struct extents extents;

	piece_add(piece, SIZE, 0, &(uint64_t){ SIZE }, 1);
	extents_start(&extents, 3 * SIZE);
	inspection_run(piece, -1, -1, inspect, milliseconds, &extents);
	extents_sort(&extents);
	assert_int_equal(piece_within(piece, &extents), used);
	assert_int_equal(extents_total(&extents), used);
	if (reason && (!piece->reason || !strstr(piece->reason, reason)))
		fail_msg("'%s' is not '%s'", piece->reason, reason);
	if (!reason)
		assert_null(piece->reason);
	extents_clear(&extents);
	pieces_clear(&pieces);
}

static int inspect_well(struct inspection *inspection, char **reason)
{
	(void)reason;
	for (uint64_t at = 0; at < SIZE; at += (uint64_t)2 * UNIT)
		inspection_used(inspection, at, UNIT);
	return 0;
}

static int inspect_nothing(struct inspection *inspection, char **reason)
{
	(void)inspection, (void)reason;
	return 0;
}

/* Some of it has been told already. */
static int refuse(struct inspection *inspection, char **reason)
{
	inspection_used(inspection, 0, UNIT);
	*reason = strdup("it is\033[2J odd\n");
	return -EUCLEAN;
}

static int refuse_at_length(struct inspection *inspection, char **reason)
{
	(void)inspection;
	*reason = malloc(100001);
	memset(*reason, 'x', 100000);
	(*reason)[100000] = '\0';
	return -EUCLEAN;
}

static int refuse_without_a_word(struct inspection *inspection, char **reason)
{
	(void)inspection, (void)reason;
	return -EIO;
}

static int crash(struct inspection *inspection, char **reason)
{
	(void)reason;
	inspection_used(inspection, 0, UNIT);
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	return 0;
}

static int leave(struct inspection *inspection, char **reason)
{
	(void)inspection, (void)reason;
	_exit(0);
}

static int never_end(struct inspection *inspection, char **reason)
{
	(void)reason;
	inspection_used(inspection, 0, UNIT);
	for (;;)
		pause();
	return 0;
}

static int go_back(struct inspection *inspection, char **reason)
{
	(void)reason;
	inspection_used(inspection, (uint64_t)2 * UNIT, UNIT);
	inspection_used(inspection, 0, UNIT);
	return 0;
}

static int go_beyond(struct inspection *inspection, char **reason)
{
	(void)reason;
	inspection_used(inspection, SIZE - UNIT, (uint64_t)2 * UNIT);
	return 0;
}

static int wrap_around(struct inspection *inspection, char **reason)
{
	(void)reason;
	inspection_used(inspection, UNIT, UINT64_MAX);
	return 0;
}

/* As a library does that believes a size in the metadata. */
static int take_memory(struct inspection *inspection, char **reason)
{
	(void)inspection, (void)reason;
	inspection_bound();
	if (!malloc((size_t)INSPECTION_MOST))
		abort();
	return 0;
}

static void looks(void **state)
{
	(void)state;
	expect(inspect_well, 60000, SIZE / 2, NULL);
	expect(inspect_nothing, 60000, 0, NULL);
}

static void counts_as_used(void **state)
{
	(void)state;
	expect(refuse, 60000, SIZE, " odd");
	expect(refuse_at_length, 60000, SIZE, "xxxxxxxx");
	expect(refuse_without_a_word, 60000, SIZE, "Input/output error");
	expect(crash, 60000, SIZE, "has crashed (Segmentation fault)");
	expect(leave, 60000, SIZE, "has failed");
	expect(never_end, 100, SIZE, "took too long");
	expect(go_back, 60000, SIZE, "makes no sense");
	expect(go_beyond, 60000, SIZE, "makes no sense");
	expect(wrap_around, 60000, SIZE, "makes no sense");
	expect(take_memory, 60000, SIZE, "has crashed");
}

static void bounds_memory(void **state)
{
	(void)state;
	/* A machine with 480 MiB, one with 64 GiB, and one that has nearly none left. */
	assert_int_equal(inspection_memory("MemTotal:  470000 kB\n"
					   "MemFree:   120000 kB\n"
					   "MemAvailable:  245760 kB\n"),
			 120 * MIB);
	assert_int_equal(inspection_memory("MemAvailable:   60000000 kB\n"), 1024 * MIB);
	assert_int_equal(inspection_memory("MemAvailable:   20000 kB\n"), 64 * MIB);
	/* Where it is not told. */
	assert_int_equal(inspection_memory("MemAvailable: much\n"), 64 * MIB);
	assert_int_equal(inspection_memory("MemTotal: 470000 kB\n"), 64 * MIB);
	assert_int_equal(inspection_memory(NULL), 64 * MIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks),
		cmocka_unit_test(counts_as_used),
		cmocka_unit_test(bounds_memory),
	};

#ifdef __SANITIZE_ADDRESS__
	puts("the address sanitizer wants more addresses than such a process may have");
	return 77;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL);
}
