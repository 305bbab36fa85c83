// SPDX-License-Identifier: GPL-2.0-or-later
/* The NBD protocol towards the machine: handshakes, replies, and what is none of these. */
#include "relay/nbd_client.h"

#include "base/bytes.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NAME "p2v-7f3a-0"
#define COOKIE 0x0102030405060708

/* A server: what it sends, and what it was asked. */
struct talk {
	struct nbd_client client;
	struct wire sent, got;
	size_t taken; /* bytes of @sent */
	struct nbd_reply reply;
	uint8_t *seen; /* the memory that the last reply points into */
};

static void talk_begin(struct talk *talk)
{
	*talk = (struct talk){ 0 };
	nbd_client_begin(&talk->client, NAME);
}

static void talk_end(struct talk *talk)
{
	wire_free(&talk->sent);
	wire_free(&talk->got);
	free(talk->seen);
}

/* Lets the client take one message, in memory of exactly as many bytes as it needs: so it is
 * seen to wait for all of them. */
static enum nbd_step take(struct talk *talk)
{
	size_t length = talk->sent.length - talk->taken, used = 0;
	enum nbd_step step = NBD_MORE;

	for (size_t i = 0; i <= length && step == NBD_MORE; i++) {
		free(talk->seen);
		talk->seen = memory_need(malloc(i ? i : 1));
		memcpy(talk->seen, talk->sent.data + talk->taken, i);
		step = nbd_client_take(&talk->client, talk->seen, i, &used, &talk->got,
				       &talk->reply);
		assert_true(used <= i && (step != NBD_MORE || !used));
	}
	talk->taken += used;
	return step;
}

static void send_greeting(struct talk *talk, unsigned flags)
{
	wire_bytes(&talk->sent, "NBDMAGICIHAVEOPT", 16);
	wire_number(&talk->sent, flags, 2);
}

static void answer(struct talk *talk, uint32_t option, uint32_t type, const void *data,
		   size_t length)
{
	wire_number(&talk->sent, NBD_OPTION_REPLY, 8);
	wire_number(&talk->sent, option, 4);
	wire_number(&talk->sent, type, 4);
	wire_number(&talk->sent, length, 4);
	wire_bytes(&talk->sent, data, length);
}

/* What was asked is option @option with this data. */
static void got_option(struct talk *talk, uint32_t option, const void *data, size_t length)
{
	assert_int_equal(talk->got.length, 16 + length);
	assert_memory_equal(talk->got.data, "IHAVEOPT", 8);
	assert_int_equal(bytes_big_endian(talk->got.data + 8, 4), option);
	assert_int_equal(bytes_big_endian(talk->got.data + 12, 4), length);
	if (length)
		assert_memory_equal(talk->got.data + 16, data, length);
	wire_drop(&talk->got, talk->got.length);
}

#define META "\0\0\0\7base:allocation"
#define EXPORT "\0\0\0\0\0\0\0\20\0\0\0\3" /* 1 MiB, flags HAS_FLAGS and READ_ONLY */
#define BLOCKS "\0\3\0\0\2\0\0\0\20\0\2\0\0\0" /* at least 512 */
#define GO "\0\0\0\12" NAME "\0\1\0\3"
#define CONTEXT "\0\0\0\12" NAME "\0\0\0\1\0\0\0\17base:allocation"

/* The greeting, and the answer about structured replies. */
static void talk_greet(struct talk *talk, bool structured)
{
	talk_begin(talk);
	send_greeting(talk, NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES);
	assert_int_equal(take(talk), NBD_NEXT);
	assert_memory_equal(talk->got.data, "\0\0\0\3", 4);
	wire_drop(&talk->got, 4);
	got_option(talk, NBD_OPT_STRUCTURED_REPLY, NULL, 0);
	answer(talk, NBD_OPT_STRUCTURED_REPLY, structured ? NBD_REP_ACK : NBD_REP_ERR_UNSUP, NULL,
	       0);
	assert_int_equal(take(talk), NBD_NEXT);
}

static void talk_allocation(struct talk *talk)
{
	got_option(talk, NBD_OPT_SET_META_CONTEXT, CONTEXT, sizeof(CONTEXT) - 1);
	answer(talk, NBD_OPT_SET_META_CONTEXT, NBD_REP_META_CONTEXT, META, 19);
	assert_int_equal(take(talk), NBD_NEXT);
	answer(talk, NBD_OPT_SET_META_CONTEXT, NBD_REP_ACK, NULL, 0);
	assert_int_equal(take(talk), NBD_NEXT);
	assert_true(talk->client.allocation);
}

static void talk_go(struct talk *talk)
{
	got_option(talk, NBD_OPT_GO, GO, sizeof(GO) - 1);
	answer(talk, NBD_OPT_GO, NBD_REP_INFO, EXPORT, 12);
	assert_int_equal(take(talk), NBD_NEXT);
	answer(talk, NBD_OPT_GO, NBD_REP_INFO, "\0\1a name", 8); /* not asked for, of no use */
	assert_int_equal(take(talk), NBD_NEXT);
	answer(talk, NBD_OPT_GO, NBD_REP_INFO, BLOCKS, 14);
	assert_int_equal(take(talk), NBD_NEXT);
	answer(talk, NBD_OPT_GO, NBD_REP_ACK, NULL, 0);
	assert_int_equal(take(talk), NBD_READY);
	assert_int_equal(talk->client.found.size, 1 << 20);
	assert_int_equal(talk->client.found.flags, NBD_HAS_FLAGS | NBD_READ_ONLY);
	assert_int_equal(talk->client.found.minimum, 512);
}

static void talk_open(struct talk *talk, bool structured)
{
	talk_greet(talk, structured);
	if (structured)
		talk_allocation(talk);
	talk_go(talk);
}

/* ---- the handshake -------------------------------------------------------------- */

static void test_handshake(void **state)
{
	struct talk talk;

	(void)state;
	for (unsigned structured = 0; structured < 2; structured++) {
		talk_open(&talk, structured);
		assert_int_equal(talk.client.structured, structured);
		assert_int_equal(talk.client.allocation, structured);
		assert_int_equal(talk.taken, talk.sent.length);
		assert_int_equal(talk.got.length, 0);
		talk_end(&talk);
	}
}

/* A server that knows nothing of base:allocation, in each way in which it may say so. */
static void test_no_allocation(void **state)
{
	static const struct {
		uint32_t type;
		const char *data;
		size_t length;
		bool ack; /* follows */
	} all[] = {
		{ NBD_REP_ERR_UNSUP, NULL, 0, false },
		{ NBD_REP_ERR_UNKNOWN, "no", 2, false },
		{ NBD_REP_ACK, NULL, 0, false },
		{ NBD_REP_META_CONTEXT, "\0\0\0\7qemu:bitmap", 15, true },
		{ NBD_REP_META_CONTEXT, "\0\0\0\7base:allocations", 20, true },
		{ NBD_REP_META_CONTEXT, "\0", 1, true },
	};
	struct talk talk;

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		talk_greet(&talk, true);
		wire_drop(&talk.got, talk.got.length);
		answer(&talk, NBD_OPT_SET_META_CONTEXT, all[i].type, all[i].data, all[i].length);
		if (all[i].ack)
			answer(&talk, NBD_OPT_SET_META_CONTEXT, NBD_REP_ACK, NULL, 0);
		while (talk.taken < talk.sent.length)
			assert_int_equal(take(&talk), NBD_NEXT);
		assert_false(talk.client.allocation);
		talk_go(&talk);
		talk_end(&talk);
	}
}

static void expect_wrong(struct talk *talk)
{
	enum nbd_step step;

	do
		step = take(talk);
	while (step == NBD_NEXT);
	assert_int_equal(step, NBD_WRONG);
	assert_non_null(talk->client.wrong);
	talk_end(talk);
}

static void test_wrong_greetings(void **state)
{
	static const char *const all[] = {
		"SSH-2.0-OpenSSH_10.0\r\n",
		"NBDMAGIC\0\0\x42\2\x81\x86\x12\x53\0\3", /* the oldest handshake */
		"NBDMAGICIHAVEOPT\0\0",                  /* not fixed */
		"NBDMAGICIHAVEOPT\0\2",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct talk talk;

		talk_begin(&talk);
		wire_bytes(&talk.sent, all[i], 18);
		expect_wrong(&talk);
	}
}

/* A server that lacks NO_ZEROES is not asked for it. */
static void test_old_greeting(void **state)
{
	struct talk talk;

	(void)state;
	talk_begin(&talk);
	send_greeting(&talk, NBD_FIXED_NEWSTYLE | 0x4700);
	assert_int_equal(take(&talk), NBD_NEXT);
	assert_memory_equal(talk.got.data, "\0\0\0\1", 4);
	talk_end(&talk);
}

static void test_wrong_answers(void **state)
{
	static const struct {
		uint32_t option, type;
		const char *data;
		size_t length;
	} all[] = {
		{ NBD_OPT_STRUCTURED_REPLY, NBD_REP_ACK, NULL,
		  0 }, /* an answer to what was before */
		{ NBD_OPT_GO, NBD_REP_SERVER, NULL, 0 },
		{ NBD_OPT_GO, NBD_REP_ERR_UNKNOWN, "no such export", 14 },
		{ NBD_OPT_GO, NBD_REP_ERR_UNSUP, NULL, 0 },
		{ NBD_OPT_GO, NBD_REP_ACK, NULL, 0 }, /* it said nothing of the export */
	};
	struct talk talk;

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		talk_greet(&talk, false);
		answer(&talk, all[i].option, all[i].type, all[i].data, all[i].length);
		expect_wrong(&talk);
	}
	talk_greet(&talk, false);
	wire_bytes(&talk.sent, "HTTP/1.1 400 Bad Request", 24);
	expect_wrong(&talk);

	/* A length that is not waited for. */
	talk_greet(&talk, false);
	wire_number(&talk.sent, NBD_OPTION_REPLY, 8);
	wire_number(&talk.sent, NBD_OPT_GO, 4);
	wire_number(&talk.sent, NBD_REP_INFO, 4);
	wire_number(&talk.sent, NBD_OPTION_MAX + 1, 4);
	expect_wrong(&talk);

	talk_begin(&talk);
	send_greeting(&talk, NBD_FIXED_NEWSTYLE);
	answer(&talk, NBD_OPT_STRUCTURED_REPLY, NBD_REP_INFO, NULL, 0);
	expect_wrong(&talk);
	talk_greet(&talk, true);
	answer(&talk, NBD_OPT_SET_META_CONTEXT, NBD_REP_INFO, NULL, 0);
	expect_wrong(&talk);
}

static void test_wrong_blocks(void **state)
{
	static const uint32_t sizes[] = { 0, 3, 513, 131072, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct wire blocks = { 0 };
		struct talk talk;

		wire_number(&blocks, NBD_INFO_BLOCK_SIZE, 2);
		wire_number(&blocks, sizes[i], 4);
		wire_number(&blocks, 0, 8);
		talk_greet(&talk, false);
		answer(&talk, NBD_OPT_GO, NBD_REP_INFO, EXPORT, 12);
		answer(&talk, NBD_OPT_GO, NBD_REP_INFO, blocks.data, blocks.length);
		answer(&talk, NBD_OPT_GO, NBD_REP_ACK, NULL, 0);
		expect_wrong(&talk);
		wire_free(&blocks);
	}
}

/* ---- requests and replies ----------------------------------------------------------- */

static void test_ask(void **state)
{
	struct wire out = { 0 };

	(void)state;
	nbd_client_ask(NBD_CMD_BLOCK_STATUS, NBD_CMD_DF, COOKIE, 0x1122334455667788, 0x99aabbcc,
		       &out);
	assert_int_equal(out.length, NBD_REQUEST_SIZE);
	assert_memory_equal(out.data,
			    "\x25\x60\x95\x13\0\4\0\7\1\2\3\4\5\6\7\10\x11\x22\x33\x44\x55\x66\x77"
			    "\x88\x99\xaa\xbb\xcc",
			    NBD_REQUEST_SIZE);
	wire_free(&out);
}

static void send_simple(struct talk *talk, uint32_t error)
{
	wire_number(&talk->sent, NBD_REPLY_MAGIC, 4);
	wire_number(&talk->sent, error, 4);
	wire_number(&talk->sent, COOKIE, 8);
}

static void send_head(struct talk *talk, unsigned flags, unsigned type, size_t length)
{
	wire_number(&talk->sent, NBD_CHUNK_MAGIC, 4);
	wire_number(&talk->sent, flags, 2);
	wire_number(&talk->sent, type, 2);
	wire_number(&talk->sent, COOKIE, 8);
	wire_number(&talk->sent, length, 4);
}

static void send_chunk(struct talk *talk, unsigned flags, unsigned type, const void *data,
		       size_t length)
{
	send_head(talk, flags, type, length);
	wire_bytes(&talk->sent, data, length);
}

static void expect_reply(struct talk *talk, unsigned part, bool last)
{
	assert_int_equal(take(talk), NBD_REPLY);
	assert_true(talk->reply.cookie == COOKIE);
	assert_int_equal(talk->reply.part, part);
	assert_int_equal(talk->reply.last, last);
}

static void test_simple(void **state)
{
	struct talk talk;

	(void)state;
	talk_open(&talk, false);
	send_simple(&talk, 0);
	expect_reply(&talk, NBD_PART_ALL, true);
	send_simple(&talk, NBD_EIO);
	expect_reply(&talk, NBD_PART_ERROR, true);
	assert_int_equal(talk.reply.error, NBD_EIO);
	send_chunk(&talk, NBD_CHUNK_DONE, NBD_CHUNK_NONE, NULL, 0);
	expect_wrong(&talk); /* that was not agreed on */

	/* With structured replies a simple one may bring an error, and no data. */
	talk_open(&talk, true);
	send_simple(&talk, NBD_EINVAL);
	expect_reply(&talk, NBD_PART_ERROR, true);
	assert_int_equal(talk.reply.error, NBD_EINVAL);
	send_simple(&talk, 0);
	expect_wrong(&talk);
}

static void test_chunks(void **state)
{
	struct talk talk;

	(void)state;
	talk_open(&talk, true);
	/* The data itself is the caller's. */
	send_head(&talk, 0, NBD_CHUNK_DATA, 8 + 65536);
	wire_number(&talk.sent, 1 << 19, 8);
	expect_reply(&talk, NBD_PART_DATA, false);
	assert_int_equal(talk.reply.offset, 1 << 19);
	assert_int_equal(talk.reply.length, 65536);

	send_chunk(&talk, 0, NBD_CHUNK_HOLE, "\0\0\0\0\0\0\20\0\0\0\2\0", 12);
	expect_reply(&talk, NBD_PART_HOLE, false);
	assert_int_equal(talk.reply.offset, 4096);
	assert_int_equal(talk.reply.length, 512);

	send_chunk(&talk, NBD_CHUNK_DONE, NBD_CHUNK_NONE, NULL, 0);
	expect_reply(&talk, NBD_PART_NONE, true);

	send_chunk(&talk, NBD_CHUNK_DONE, NBD_CHUNK_ERROR, "\0\0\0\5\0\3bad", 9);
	expect_reply(&talk, NBD_PART_ERROR, true);
	assert_int_equal(talk.reply.error, NBD_EIO);
	send_chunk(&talk, 0, NBD_CHUNK_ERROR_OFFSET, "\0\0\0\x6c\0\0\0\0\0\0\0\0\0\0", 14);
	expect_reply(&talk, NBD_PART_ERROR, false);
	assert_int_equal(talk.reply.error, NBD_ESHUTDOWN);
	/* An error that is not known yet is one, too. */
	send_chunk(&talk, NBD_CHUNK_DONE, NBD_CHUNK_IS_ERROR | 99, "\0\0\0\5\0\0", 6);
	expect_reply(&talk, NBD_PART_ERROR, true);
	talk_end(&talk);
}

static void test_status(void **state)
{
	struct talk talk;
	struct nbd_extent extent;

	(void)state;
	talk_open(&talk, true);
	send_chunk(&talk, NBD_CHUNK_DONE, NBD_CHUNK_STATUS,
		   "\0\0\0\7\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\3", 20);
	expect_reply(&talk, NBD_PART_STATUS, true);
	assert_int_equal(talk.reply.count, 2);
	extent = nbd_client_extent(&talk.reply, 0);
	assert_int_equal(extent.length, 65536);
	assert_int_equal(extent.state, 0);
	extent = nbd_client_extent(&talk.reply, 1);
	assert_int_equal(extent.length, 131072);
	assert_int_equal(extent.state, NBD_STATE_HOLE | NBD_STATE_ZERO);
	talk_end(&talk);
}

/* QEMU sends up to 131072 extents. As many are taken as there is room for, and the reply that
 * follows is found. */
static void test_long_status(void **state)
{
	struct talk talk;

	(void)state;
	talk_open(&talk, true);
	send_head(&talk, NBD_CHUNK_DONE, NBD_CHUNK_STATUS, 4 + 8 * 131072);
	wire_number(&talk.sent, 7, 4);
	for (unsigned i = 0; i < 131072; i++) {
		wire_number(&talk.sent, 4096 + i, 4);
		wire_number(&talk.sent, i & 3, 4);
	}
	expect_reply(&talk, NBD_PART_STATUS, true);
	assert_in_range(talk.reply.count, 100, 8191); /* of the room that link.c has */
	for (size_t i = 0; i < talk.reply.count; i++)
		assert_int_equal(nbd_client_extent(&talk.reply, i).length, 4096 + i);
	send_simple(&talk, NBD_EINVAL);
	while (talk.client.skip)
		assert_int_equal(take(&talk), NBD_NEXT);
	expect_reply(&talk, NBD_PART_ERROR, true);
	talk_end(&talk);
}

static void test_wrong_replies(void **state)
{
	static const struct {
		unsigned flags, type;
		const char *data;
		size_t length;
	} all[] = {
		{ NBD_CHUNK_DONE, NBD_CHUNK_NONE, "x", 1 },
		{ 0, NBD_CHUNK_NONE, "", 0 }, /* it says nothing, and more is to come */
		{ 1, NBD_CHUNK_DATA, "\0\0\0\0\0\0\0\0", 8 },
		{ 1, NBD_CHUNK_DATA, "\0\0\0\0", 4 },
		{ 1, NBD_CHUNK_HOLE, "\0\0\0\0\0\0\0\0\0\0\2", 11 },
		{ 1, NBD_CHUNK_HOLE, "\0\0\0\0\0\0\0\0\0\0\2\0\0", 13 },
		{ 1, NBD_CHUNK_STATUS, "\0\0\0\7", 4 },
		{ 1, NBD_CHUNK_STATUS, "\0\0\0\7\0\1\0\0\0\0\0", 11 },
		{ 1, NBD_CHUNK_STATUS, "\0\0\0\7\0\1\0\0\0\0\0\0\0", 13 },
		{ 1, NBD_CHUNK_STATUS, "\0\0\0\6\0\1\0\0\0\0\0\0", 12 }, /* another context */
		{ 1, NBD_CHUNK_STATUS_EXTENDED, "\0\0\0\7\0\0\0\0", 8 },
		{ 1, NBD_CHUNK_ERROR, "\0\0\0\5\0", 5 },
		{ 1, NBD_CHUNK_ERROR, "\0\0\0\5\0\4bad", 9 }, /* a longer text than there is */
		{ 1, NBD_CHUNK_ERROR, "\0\0\0\0\0\0", 6 },
		{ 1, 7, "\0\0\0\0", 4 },
		{ 1, 0x7fff, "", 0 },
	};
	static const struct {
		unsigned type;
		size_t length;
	} long_ones[] = {
		{ NBD_CHUNK_NONE, UINT32_MAX },       { NBD_CHUNK_HOLE, 65537 },
		{ NBD_CHUNK_STATUS, (4U << 20) + 1 }, { NBD_CHUNK_STATUS, UINT32_MAX },
		{ NBD_CHUNK_ERROR, 65537 },           { 7, UINT32_MAX },
	};
	struct talk talk;

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		talk_open(&talk, true);
		send_chunk(&talk, all[i].flags, all[i].type, all[i].data, all[i].length);
		expect_wrong(&talk);
	}
	for (size_t i = 0; i < COUNT(long_ones); i++) {
		talk_open(&talk, true);
		send_head(&talk, NBD_CHUNK_DONE, long_ones[i].type, long_ones[i].length);
		expect_wrong(&talk);
	}
	/* Extended headers are not agreed on. */
	talk_open(&talk, true);
	wire_number(&talk.sent, NBD_CHUNK_MAGIC_EXTENDED, 4);
	expect_wrong(&talk);
	talk_open(&talk, true);
	wire_bytes(&talk.sent, "IHAVEOPT", 8);
	expect_wrong(&talk);
}

/* base:allocation is known, but was not agreed on. */
static void test_uncalled_status(void **state)
{
	struct talk talk;

	(void)state;
	talk_greet(&talk, true);
	wire_drop(&talk.got, talk.got.length);
	answer(&talk, NBD_OPT_SET_META_CONTEXT, NBD_REP_ACK, NULL, 0);
	assert_int_equal(take(&talk), NBD_NEXT);
	talk_go(&talk);
	send_chunk(&talk, NBD_CHUNK_DONE, NBD_CHUNK_STATUS, "\0\0\0\0\0\1\0\0\0\0\0\0", 12);
	expect_wrong(&talk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake),
		cmocka_unit_test(test_no_allocation),
		cmocka_unit_test(test_wrong_greetings),
		cmocka_unit_test(test_old_greeting),
		cmocka_unit_test(test_wrong_answers),
		cmocka_unit_test(test_wrong_blocks),
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_simple),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_long_status),
		cmocka_unit_test(test_wrong_replies),
		cmocka_unit_test(test_uncalled_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
