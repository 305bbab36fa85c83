// SPDX-License-Identifier: GPL-2.0-or-later
/* What the broker of p2v-map does with requests that make no sense, as a program that hostile
 * metadata has brought under its control could send. */
#include "base/text.h"
#include "blocks/broker.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#define MIB ((uint64_t)1 << 20)
#define SIZE (4 * MIB) /* of the disk */

/* What the broker answers to these bytes. */
static int answer_to(int broker, const void *bytes, size_t length)
{
	int answer = 1000;

	if (send(broker, bytes, length, 0) != (ssize_t)length ||
	    recv(broker, &answer, sizeof(answer), 0) != sizeof(answer))
		return 1001;
	return answer;
}

static const struct {
	size_t count;
	uint64_t number[12];
} bad[] = {
	{ 1, { MIB } },
	{ 2, { MIB, 0 } },
	{ 3, { MIB, 0, 0 } }, /* no stripe */
	{ 3, { MIB, 0, 1 } }, /* nowhere */
	{ 4, { MIB, 0, UINT64_MAX, 0 } },
	{ 4, { MIB, 0, 2, 0 } },
	{ 4, { 0, 0, 1, 0 } }, /* empty */
	{ 4, { SIZE + 1, 0, 1, 0 } }, /* beyond the end */
	{ 4, { MIB, 0, 1, SIZE } },
	{ 4, { MIB, 0, 1, UINT64_MAX } },
	{ 4, { UINT64_MAX, 0, 1, MIB } },
	{ 5, { MIB, 0, 1, 0, 7 } }, /* a number too many */
	{ 8, { MIB, 0, 1, 0, MIB, 0, 1, SIZE - MIB + 512 } },
	{ 8, { MIB, 0, 1, 0, MIB, 0, 1, 100 } }, /* within a sector */
	{ 8, { MIB, 0, 1, 0, MIB + 1, 0, 1, MIB } },
	{ 8, { INT64_MAX, 0, 1, 0, INT64_MAX, 0, 1, 0 } },
	{ 5, { 2 * MIB, 0, 2, 0, MIB } }, /* stripes of nothing, and of odd sizes */
	{ 5, { 2 * MIB, 100, 2, 0, MIB } },
	{ 5, { 2 * MIB, 3 * 512, 2, 0, MIB } },
	{ 5, { 2 * MIB + 1, 65536, 2, 0, MIB } },
	{ 5, { 2 * MIB, 65536, 2, 0, SIZE } },
};

/* Returns the number of the first one for which the answer is not as expected, from 1 on. */
static int ask(int disk, int broker, void *user)
{
	const int expected = *(const int *)user;
	static uint64_t many[9000];
	int number = 0;

	(void)disk;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		number++;
		if (answer_to(broker, bad[i].number, bad[i].count * sizeof(uint64_t)) != expected)
			return number;
	}
	number++;
	if (answer_to(broker, bad[0].number, 13) != -EINVAL)
		return number;
	number++;
	return answer_to(broker, many, sizeof(many)) == -EINVAL ? 0 : number;
}

static int ask_for_many(int disk, int broker, void *user)
{
	struct pieces pieces = { 0 };
	struct piece *piece = pieces_add(&pieces, text_copy("piece"), 0);
	int r;

	(void)disk, (void)user;
	for (int i = 0; i < 3000; i++) {
		piece_add(piece, 512, 0, &(uint64_t){ 512 }, 1);
		piece->size += 512;
	}
	r = broker_ask(broker, piece);
	pieces_clear(&pieces);
	return r == -E2BIG ? 0 : 1;
}

static void test_nonsense(void **state)
{
	int disk = memfd_create("disk", MFD_CLOEXEC);
	/* Where no devices can be made, that is said first. */
	int expected = access("/dev/loop-control", R_OK | W_OK) == 0 && geteuid() == 0 ? -EINVAL :
											 -EPERM;

	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip(); /* it wants terabytes of address space, which the broker does not give */
#endif
	assert_true(disk >= 0);
	assert_int_equal(ftruncate(disk, SIZE), 0);
	assert_int_equal(broker_run(disk, 60000, ask, &expected), 0);
	assert_int_equal(broker_run(disk, 60000, ask_for_many, NULL), 0);
	close(disk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
