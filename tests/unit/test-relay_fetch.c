// SPDX-License-Identifier: GPL-2.0-or-later
/* relay/fetch.c, with a real store: what nobody waits for goes, and nothing comes twice by it. */
#include "relay/fetch.h"

#include "base/cleanup.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BLOCK 65536U
#define SIZE (64ULL << 20)
#define SECONDS 60

static size_t in_use;

static struct fetch *add(struct fetches *fetches, uint64_t offset)
{
	struct fetch *fetch = fetches_add(fetches, NBD_CMD_READ, offset, BLOCK);

	fetch->buffer = buffer_new(BLOCK, &in_use);
	memset(fetch->buffer->data, 7, BLOCK);
	return fetch;
}

static void end(struct fetches *fetches)
{
	fetches_end(fetches);
	assert_int_equal(in_use, 0);
	buffer_end();
}

/* Two pieces of a block are used, and one of them has come: the other one comes, too. */
static void keeps_what_has_come_in_part(void **state)
{
	struct fetches fetches;
	struct fetch *fetch;

	(void)state;
	fetches_begin(&fetches);
	for (int come = 0; come < 2; come++) {
		fetch = add(&fetches, 0);
		fetch_add_used(fetch, 0, 4096);
		fetch_add_used(fetch, 8192, 12288);
		if (come)
			assert_false(fetch_piece_here(fetch->pieces));
		assert_int_equal(fetches_due(&fetches), BLOCK);
		fetches_tidy(&fetches, NULL, true);
		assert_ptr_equal(fetches_find(&fetches, 0), come ? fetch : NULL);
	}
	fetch = fetches.first;
	assert_true(fetch_piece_here(fetch->pieces->next));
	fetch->state = FETCH_HERE;
	fetches_tidy(&fetches, NULL, true);
	assert_null(fetches_find(&fetches, 0));
	end(&fetches);
}

/* What the store has taken is found in one of the two places at any time. */
static void keeps_what_is_being_stored(void **state)
{
	AUTO_FREE char *reason = NULL;
	struct loop *loop = loop_new();
	struct store *store = store_new(loop, getenv("TMPDIR") ?: "/tmp", SIZE, BLOCK, SIZE,
					&reason);
	uint64_t limit = loop_now() + SECONDS * 1000;
	struct fetches fetches;

	(void)state;
	if (!store)
		fail_msg("%s", reason);
	fetches_begin(&fetches);
	for (unsigned i = 0; i < 3; i++) {
		struct fetch *fetch = add(&fetches, i * BLOCK);

		fetch->state = FETCH_HERE;
		if (i == 1)
			fetch->served = BLOCK;
		if (i < 2)
			fetch_keep(fetch, store, false);
	}
	fetches_tidy(&fetches, store, true);
	assert_non_null(fetches_find(&fetches, 0));
	assert_non_null(fetches_find(&fetches, BLOCK));
	assert_null(fetches_find(&fetches, 2 * BLOCK));
	while (!store_is_settled(store) && loop_now() < limit)
		loop_turn(loop, 10);
	fetches_tidy(&fetches, store, false); /* the first was not given away yet */
	assert_null(fetches_find(&fetches, 0));
	assert_null(fetches_find(&fetches, BLOCK));
	assert_true(store_has_all(store, 0, 2 * BLOCK) && !store_has_all(store, 0, 3 * BLOCK));
	fetches_tidy(&fetches, store, true);
	assert_null(fetches.first);
	store_free(store);
	loop_free(loop);
	end(&fetches);
}

/* The oldest of what is held for later goes when that is too much. What goes anyhow, or is being
 * stored, pushes nothing out. */
static void keeps_what_was_read_ahead(void **state)
{
	AUTO_FREE char *reason = NULL;
	struct loop *loop = loop_new();
	struct store *store = store_new(loop, getenv("TMPDIR") ?: "/tmp", SIZE, BLOCK, SIZE,
					&reason);
	uint64_t at = 0, most = FETCHES_AHEAD_MAX;
	struct fetches fetches;

	(void)state;
	if (!store)
		fail_msg("%s", reason);
	fetches_begin(&fetches);
	for (; at < most; at += BLOCK)
		add(&fetches, at)->state = FETCH_HERE;
	for (unsigned i = 0; i < 2; i++, at += BLOCK) {
		struct fetch *fetch = add(&fetches, at);

		fetch->state = FETCH_HERE;
		if (i == 0)
			fetch_keep(fetch, store, false);
		fetch->served = BLOCK;
	}
	fetches_tidy(&fetches, store, false);
	assert_non_null(fetches_find(&fetches, 0));
	assert_non_null(fetches_find(&fetches, most));
	assert_null(fetches_find(&fetches, most + BLOCK));
	add(&fetches, at)->state = FETCH_HERE;
	fetches_tidy(&fetches, store, false);
	assert_null(fetches_find(&fetches, 0));
	assert_non_null(fetches_find(&fetches, BLOCK));
	assert_non_null(fetches_find(&fetches, at));
	store_free(store);
	loop_free(loop);
	end(&fetches);
}

/* It is the memory that counts: a buffer may have more than was asked for. */
static void counts_memory(void **state)
{
	const uint32_t length = 2 * BLOCK;
	uint64_t offset = 0;
	struct fetches fetches;

	(void)state;
	fetches_begin(&fetches);
	while (in_use <= FETCHES_AHEAD_MAX) {
		struct fetch *fetch = fetches_add(&fetches, NBD_CMD_READ, offset, length);

		fetch->buffer = buffer_new(length, &in_use);
		fetch->state = FETCH_HERE;
		offset += length;
	}
	assert_in_range(offset, BLOCK, FETCHES_AHEAD_MAX - BLOCK);
	fetches_tidy(&fetches, NULL, false);
	assert_true(in_use <= FETCHES_AHEAD_MAX);
	assert_null(fetches_find(&fetches, 0));
	assert_non_null(fetches_find(&fetches, length));
	end(&fetches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_has_come_in_part),
		cmocka_unit_test(keeps_what_is_being_stored),
		cmocka_unit_test(keeps_what_was_read_ahead),
		cmocka_unit_test(counts_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
