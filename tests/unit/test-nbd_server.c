// SPDX-License-Identifier: GPL-2.0-or-later
/* The NBD protocol towards virt-v2v: handshakes, requests, replies, and what is none of these. */
#include "relay/nbd_server.h"

#include "base/bytes.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SIZE (100U << 20)
#define ACK_SIZE 20

static const struct nbd_export export = { "sda", SIZE, 65536 };

/* A client: what it sends, and what it got. */
struct talk {
	struct nbd_server server;
	struct wire sent, got;
	size_t taken; /* bytes of @sent */
	struct nbd_request request;
};

static void talk_begin(struct talk *talk)
{
	*talk = (struct talk){ 0 };
	nbd_server_begin(&talk->server, &export, &talk->got);
	assert_int_equal(talk->got.length, 18);
	assert_memory_equal(talk->got.data, "NBDMAGICIHAVEOPT\0\3", 18);
	wire_drop(&talk->got, 18);
}

static void talk_end(struct talk *talk)
{
	wire_free(&talk->sent);
	wire_free(&talk->got);
}

/* Lets the server take one message of what was sent. Gives it in memory of exactly that size,
 * and first each beginning of it, so that it is seen to wait for the rest, byte by byte. */
static enum nbd_step take(struct talk *talk)
{
	size_t length = talk->sent.length - talk->taken, used = 0;
	enum nbd_step step = NBD_MORE;

	for (size_t i = 0; i <= length && step == NBD_MORE; i++) {
		uint8_t *exact = memory_need(malloc(i ? i : 1));

		memcpy(exact, talk->sent.data + talk->taken, i);
		step = nbd_server_take(&talk->server, exact, i, &used, &talk->got, &talk->request);
		free(exact);
		if (step == NBD_MORE)
			assert_int_equal(used, 0);
		else
			assert_true(used <= i);
	}
	talk->taken += used;
	return step;
}

static void expect_all_taken(const struct talk *talk)
{
	assert_int_equal(talk->taken, talk->sent.length);
}

static void send_flags(struct talk *talk, uint32_t flags)
{
	wire_number(&talk->sent, flags, 4);
}

static void send_option(struct talk *talk, uint32_t option, const void *data, size_t length)
{
	wire_bytes(&talk->sent, "IHAVEOPT", 8);
	wire_number(&talk->sent, option, 4);
	wire_number(&talk->sent, length, 4);
	wire_bytes(&talk->sent, data, length);
}

/* The next thing that came is an answer to @option. Returns its payload's length. */
static size_t got_reply(struct talk *talk, uint32_t option, uint32_t type)
{
	size_t length;

	assert_true(talk->got.length >= ACK_SIZE);
	assert_true(bytes_big_endian(talk->got.data, 8) == NBD_OPTION_REPLY);
	assert_int_equal(bytes_big_endian(talk->got.data + 8, 4), option);
	assert_int_equal(bytes_big_endian(talk->got.data + 12, 4), type);
	length = bytes_big_endian(talk->got.data + 16, 4);
	assert_true(talk->got.length >= ACK_SIZE + length);
	wire_drop(&talk->got, ACK_SIZE);
	return length;
}

static void got_only(struct talk *talk, uint32_t option, uint32_t type)
{
	assert_int_equal(got_reply(talk, option, type), 0);
	assert_int_equal(talk->got.length, 0);
}

static void ask_option(struct talk *talk, uint32_t option, const void *data, size_t length)
{
	send_option(talk, option, data, length);
	assert_int_equal(take(talk), NBD_NEXT);
	expect_all_taken(talk);
}

/* The data of GO and INFO: a name, and what is asked about. */
static size_t go_data(uint8_t *data, const char *name, unsigned count)
{
	size_t length = strlen(name);

	memset(data, 0, 4 + length + 2 + 2 * (size_t)count);
	data[3] = (uint8_t)length;
	memcpy(data + 4, name, length);
	data[4 + length + 1] = (uint8_t)count;
	return 4 + length + 2 + 2 * (size_t)count;
}

static void go(struct talk *talk)
{
	uint8_t data[64];

	ask_option(talk, NBD_OPT_GO, data, go_data(data, "", 0));
	assert_true(nbd_server_is_ready(&talk->server));
	wire_drop(&talk->got, talk->got.length);
}

static void talk_open(struct talk *talk, bool structured, bool extended, bool allocation)
{
	static const uint8_t query[] = "\0\0\0\0\0\0\0\1\0\0\0\17base:allocation";

	talk_begin(talk);
	send_flags(talk, NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES);
	assert_int_equal(take(talk), NBD_NEXT);
	if (structured)
		ask_option(talk, NBD_OPT_STRUCTURED_REPLY, NULL, 0);
	if (extended)
		ask_option(talk, NBD_OPT_EXTENDED_HEADERS, NULL, 0);
	if (allocation) {
		ask_option(talk, NBD_OPT_SET_META_CONTEXT, query, sizeof(query) - 1);
		assert_true(talk->server.allocation);
	}
	go(talk);
}

static void send_request(struct talk *talk, unsigned flags, unsigned command, uint64_t offset,
			 uint64_t length)
{
	bool extended = talk->server.extended;

	wire_number(&talk->sent, extended ? NBD_REQUEST_MAGIC_EXTENDED : NBD_REQUEST_MAGIC, 4);
	wire_number(&talk->sent, flags, 2);
	wire_number(&talk->sent, command, 2);
	wire_number(&talk->sent, 0x0102030405060708, 8);
	wire_number(&talk->sent, offset, 8);
	wire_number(&talk->sent, length, extended ? 8 : 4);
}

/* ---- the handshake ------------------------------------------------------------ */

static void test_flags(void **state)
{
	static const struct {
		uint32_t flags;
		enum nbd_step step;
	} all[] = {
		{ NBD_FIXED_NEWSTYLE, NBD_NEXT },
		{ NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES, NBD_NEXT },
		{ 0, NBD_WRONG },
		{ NBD_NO_ZEROES, NBD_WRONG },
		{ NBD_FIXED_NEWSTYLE | 4, NBD_WRONG },
		{ 0x48545450, NBD_WRONG },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct talk talk;

		talk_begin(&talk);
		send_flags(&talk, all[i].flags);
		assert_int_equal(take(&talk), all[i].step);
		assert_true((talk.server.wrong != NULL) == (all[i].step == NBD_WRONG));
		talk_end(&talk);
	}
}

static void begin_options(struct talk *talk)
{
	talk_begin(talk);
	send_flags(talk, NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES);
	assert_int_equal(take(talk), NBD_NEXT);
}

static void expect_description(struct talk *talk, uint32_t option)
{
	assert_int_equal(got_reply(talk, option, NBD_REP_INFO), 12);
	assert_int_equal(bytes_big_endian(talk->got.data, 2), NBD_INFO_EXPORT);
	assert_int_equal(bytes_big_endian(talk->got.data + 2, 8), SIZE);
	assert_int_equal(bytes_big_endian(talk->got.data + 10, 2),
			 NBD_HAS_FLAGS | NBD_READ_ONLY | NBD_DONT_FRAGMENT | NBD_MULTI_CONN);
	wire_drop(&talk->got, 12);
	assert_int_equal(got_reply(talk, option, NBD_REP_INFO), 14);
	assert_int_equal(bytes_big_endian(talk->got.data, 2), NBD_INFO_BLOCK_SIZE);
	assert_int_equal(bytes_big_endian(talk->got.data + 2, 4), 1);
	assert_int_equal(bytes_big_endian(talk->got.data + 6, 4), 65536);
	assert_int_equal(bytes_big_endian(talk->got.data + 10, 4), NBD_READ_MAX);
	wire_drop(&talk->got, 14);
	got_only(talk, option, NBD_REP_ACK);
}

static void test_go(void **state)
{
	static const char *const names[] = { "", "sda" };
	struct talk talk;
	uint8_t data[64];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		begin_options(&talk);
		/* INFO only asks; GO ends the handshake. */
		ask_option(&talk, NBD_OPT_INFO, data, go_data(data, names[i], 1));
		expect_description(&talk, NBD_OPT_INFO);
		assert_false(nbd_server_is_ready(&talk.server));
		ask_option(&talk, NBD_OPT_GO, data, go_data(data, "sdb", 0));
		got_only(&talk, NBD_OPT_GO, NBD_REP_ERR_UNKNOWN);
		assert_false(nbd_server_is_ready(&talk.server));
		ask_option(&talk, NBD_OPT_GO, data, go_data(data, names[i], 2));
		expect_description(&talk, NBD_OPT_GO);
		assert_true(nbd_server_is_ready(&talk.server));
		talk_end(&talk);
	}
}

static void test_go_malformed(void **state)
{
	static const struct {
		const char *data;
		size_t length;
	} all[] = {
		{ "", 0 },
		{ "\0\0\0\0\0", 5 },
		{ "\0\0\0\1\0\0", 6 },             /* a name, and no place for it */
		{ "\0\0\0\0\0\1", 6 },             /* something to ask about, that is not there */
		{ "\0\0\0\0\0\0\0\0", 8 },         /* more than is told */
		{ "\377\377\377\377\0\0", 6 },
		{ "\377\377\377\376\0\0\0\0", 8 }, /* + 6 would be little */
		{ "\0\0\0\0\377\377", 6 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct talk talk;

		begin_options(&talk);
		ask_option(&talk, NBD_OPT_GO, all[i].data, all[i].length);
		got_only(&talk, NBD_OPT_GO, NBD_REP_ERR_INVALID);
		assert_false(nbd_server_is_ready(&talk.server));
		go(&talk);
		talk_end(&talk);
	}
}

static void test_export_name(void **state)
{
	struct talk talk;

	(void)state;
	begin_options(&talk);
	ask_option(&talk, NBD_OPT_EXPORT_NAME, "sda", 3);
	assert_int_equal(talk.got.length, 10);
	assert_int_equal(bytes_big_endian(talk.got.data, 8), SIZE);
	assert_true(nbd_server_is_ready(&talk.server));
	talk_end(&talk);

	talk_begin(&talk);
	send_flags(&talk, NBD_FIXED_NEWSTYLE);
	assert_int_equal(take(&talk), NBD_NEXT);
	ask_option(&talk, NBD_OPT_EXPORT_NAME, "", 0);
	assert_int_equal(talk.got.length, 10 + 124); /* zeros that old clients expect */
	talk_end(&talk);

	begin_options(&talk);
	send_option(&talk, NBD_OPT_EXPORT_NAME, "sdb", 3);
	assert_int_equal(take(&talk), NBD_WRONG);
	assert_non_null(talk.server.wrong);
	talk_end(&talk);
}

static void test_other_options(void **state)
{
	struct talk talk;

	(void)state;
	begin_options(&talk);
	ask_option(&talk, NBD_OPT_LIST, NULL, 0);
	assert_int_equal(got_reply(&talk, NBD_OPT_LIST, NBD_REP_SERVER), 4);
	assert_int_equal(bytes_big_endian(talk.got.data, 4), 0);
	wire_drop(&talk.got, 4);
	got_only(&talk, NBD_OPT_LIST, NBD_REP_ACK);
	ask_option(&talk, NBD_OPT_LIST, "x", 1);
	got_only(&talk, NBD_OPT_LIST, NBD_REP_ERR_INVALID);

	ask_option(&talk, NBD_OPT_STARTTLS, NULL, 0);
	got_only(&talk, NBD_OPT_STARTTLS, NBD_REP_ERR_UNSUP);
	ask_option(&talk, 4711, "whatever", 8);
	got_only(&talk, 4711, NBD_REP_ERR_UNSUP);

	ask_option(&talk, NBD_OPT_STRUCTURED_REPLY, "x", 1);
	got_only(&talk, NBD_OPT_STRUCTURED_REPLY, NBD_REP_ERR_INVALID);
	assert_false(talk.server.structured);
	ask_option(&talk, NBD_OPT_STRUCTURED_REPLY, NULL, 0);
	got_only(&talk, NBD_OPT_STRUCTURED_REPLY, NBD_REP_ACK);
	assert_true(talk.server.structured);
	ask_option(&talk, NBD_OPT_EXTENDED_HEADERS, "x", 1);
	got_only(&talk, NBD_OPT_EXTENDED_HEADERS, NBD_REP_ERR_INVALID);
	assert_false(talk.server.extended);
	ask_option(&talk, NBD_OPT_EXTENDED_HEADERS, NULL, 0);
	got_only(&talk, NBD_OPT_EXTENDED_HEADERS, NBD_REP_ACK);
	assert_true(talk.server.extended);

	send_option(&talk, NBD_OPT_ABORT, NULL, 0);
	assert_int_equal(take(&talk), NBD_CLOSE);
	got_only(&talk, NBD_OPT_ABORT, NBD_REP_ACK);
	talk_end(&talk);
}

static void test_no_option(void **state)
{
	struct talk talk;

	(void)state;
	begin_options(&talk);
	wire_bytes(&talk.sent, "GET / HTTP/1.1\r\n", 16);
	assert_int_equal(take(&talk), NBD_WRONG);
	talk_end(&talk);

	/* Said to be longer than any may be: it is not waited for. */
	begin_options(&talk);
	wire_bytes(&talk.sent, "IHAVEOPT", 8);
	wire_number(&talk.sent, NBD_OPT_GO, 4);
	wire_number(&talk.sent, NBD_OPTION_MAX + 1, 4);
	assert_int_equal(take(&talk), NBD_WRONG);
	talk_end(&talk);
}

#define QUERY "\0\0\0\17base:allocation"

static void test_contexts(void **state)
{
	static const struct {
		uint32_t option;
		const char *data;
		size_t length;
		uint32_t answer; /* if it is not NBD_REP_ACK */
		bool found;
	} all[] = {
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\0\0\0\1" QUERY, 27, 0, true },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\3sda\0\0\0\1" QUERY, 30, 0, true },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\0\0\0\2\0\0\0\2qx" QUERY, 33, 0, true },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\0\0\0\0", 8, 0, false },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\0\0\0\1\0\0\0\5base:", 17, 0, false },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\0\0\0\1\0\0\0\20base:allocation2", 28, 0,
		  false },
		{ NBD_OPT_LIST_META_CONTEXT, "\0\0\0\0\0\0\0\0", 8, 0, true },
		{ NBD_OPT_LIST_META_CONTEXT, "\0\0\0\0\0\0\0\1\0\0\0\5base:", 17, 0, true },
		{ NBD_OPT_LIST_META_CONTEXT, "\0\0\0\0\0\0\0\1" QUERY, 27, 0, true },
		{ NBD_OPT_LIST_META_CONTEXT, "\0\0\0\0\0\0\0\1\0\0\0\2qx", 14, 0, false },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\3sdb\0\0\0\1" QUERY, 30, NBD_REP_ERR_UNKNOWN,
		  false },
		{ NBD_OPT_SET_META_CONTEXT, "", 0, NBD_REP_ERR_INVALID, false },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\0\0\0", 7, NBD_REP_ERR_INVALID, false },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\1\0\0\0\0", 8, NBD_REP_ERR_INVALID, false },
		{ NBD_OPT_SET_META_CONTEXT, "\377\377\377\377\0\0\0\0", 8, NBD_REP_ERR_INVALID,
		  false },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\0\0\0\1", 8, NBD_REP_ERR_INVALID, false },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\0\0\0\1\0\0\0\1", 12, NBD_REP_ERR_INVALID,
		  false },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\0\0\0\0x", 9, NBD_REP_ERR_INVALID, false },
		{ NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\377\377\377\377\0\0\0\0", 12,
		  NBD_REP_ERR_INVALID, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		bool list = all[i].option == NBD_OPT_LIST_META_CONTEXT;
		struct talk talk;

		begin_options(&talk);
		/* Without structured replies there is none of it. */
		ask_option(&talk, all[i].option, all[i].data, all[i].length);
		got_only(&talk, all[i].option, NBD_REP_ERR_INVALID);
		ask_option(&talk, NBD_OPT_STRUCTURED_REPLY, NULL, 0);
		wire_drop(&talk.got, talk.got.length);

		ask_option(&talk, all[i].option, all[i].data, all[i].length);
		if (all[i].found) {
			assert_int_equal(got_reply(&talk, all[i].option, NBD_REP_META_CONTEXT), 19);
			assert_int_equal(bytes_big_endian(talk.got.data, 4) != 0, !list);
			assert_memory_equal(talk.got.data + 4, NBD_ALLOCATION, 15);
			wire_drop(&talk.got, 19);
		}
		got_only(&talk, all[i].option, all[i].answer ?: NBD_REP_ACK);
		assert_int_equal(talk.server.allocation, all[i].found && !list);
		talk_end(&talk);
	}
}

/* The last SET counts. */
static void test_contexts_again(void **state)
{
	struct talk talk;

	(void)state;
	begin_options(&talk);
	ask_option(&talk, NBD_OPT_EXTENDED_HEADERS, NULL, 0);
	ask_option(&talk, NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\0\0\0\1" QUERY, 27);
	assert_true(talk.server.allocation);
	ask_option(&talk, NBD_OPT_SET_META_CONTEXT, "\0\0\0\0\0\0\0\0", 8);
	assert_false(talk.server.allocation);
	talk_end(&talk);
}

/* ---- requests ----------------------------------------------------------------------- */

static const struct {
	bool structured, extended;
} kinds[] = { { false, false }, { true, false }, { false, true }, { true, true } };

/* The head of the reply that came: its error, or 0 and what follows stays. */
static uint32_t got_head(struct talk *talk, unsigned type, uint64_t length)
{
	const uint8_t *data = talk->got.data;
	size_t at = 16;

	assert_true(talk->got.length >= NBD_REPLY_SIZE);
	assert_true(bytes_big_endian(data + 8, 8) == 0x0102030405060708);
	if (!talk->server.structured && !talk->server.extended) {
		uint32_t error = (uint32_t)bytes_big_endian(data + 4, 4);

		assert_int_equal(bytes_big_endian(data, 4), NBD_REPLY_MAGIC);
		wire_drop(&talk->got, NBD_REPLY_SIZE);
		return error;
	}
	assert_int_equal(bytes_big_endian(data, 4),
			 talk->server.extended ? NBD_CHUNK_MAGIC_EXTENDED : NBD_CHUNK_MAGIC);
	assert_int_equal(bytes_big_endian(data + 4, 2), NBD_CHUNK_DONE);
	assert_int_equal(bytes_big_endian(data + 6, 2), type);
	if (talk->server.extended) {
		assert_true(bytes_big_endian(data + 16, 8) == talk->request.offset);
		assert_true(bytes_big_endian(data + 24, 8) == length);
		at = NBD_CHUNK_SIZE_EXTENDED;
	} else {
		assert_true(bytes_big_endian(data + 16, 4) == length);
		at = NBD_CHUNK_SIZE;
	}
	wire_drop(&talk->got, at);
	if (type != NBD_CHUNK_ERROR)
		return 0;
	assert_int_equal(bytes_big_endian(talk->got.data + 4, 2), 0);
	at = bytes_big_endian(talk->got.data, 4);
	wire_drop(&talk->got, 6);
	return (uint32_t)at;
}

static void test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct talk talk;
		bool simple = !kinds[i].structured && !kinds[i].extended;

		talk_open(&talk, kinds[i].structured, kinds[i].extended, false);
		send_request(&talk, 0, NBD_CMD_READ, SIZE - 512, 512);
		assert_int_equal(take(&talk), NBD_REQUEST);
		expect_all_taken(&talk);
		assert_int_equal(talk.request.command, NBD_CMD_READ);
		assert_true(talk.request.cookie == 0x0102030405060708);
		assert_true(talk.request.offset == SIZE - 512);
		assert_true(talk.request.length == 512);

		nbd_server_data(&talk.server, &talk.request, &talk.got);
		assert_int_equal(got_head(&talk, NBD_CHUNK_DATA, 8 + 512), 0);
		assert_int_equal(talk.got.length, simple ? 0 : 8);
		if (!simple)
			assert_true(bytes_big_endian(talk.got.data, 8) == SIZE - 512);
		wire_drop(&talk.got, talk.got.length);

		nbd_server_error(&talk.server, &talk.request, NBD_EIO, &talk.got);
		assert_int_equal(got_head(&talk, NBD_CHUNK_ERROR, 6), NBD_EIO);
		assert_int_equal(talk.got.length, 0);
		talk_end(&talk);
	}
}

static void test_refused(void **state)
{
	static const struct {
		unsigned command;
		uint64_t offset, length;
		uint32_t error;
	} all[] = {
		{ NBD_CMD_TRIM, 0, 512, NBD_EPERM },
		{ NBD_CMD_WRITE_ZEROES, 0, 512, NBD_EPERM },
		{ NBD_CMD_FLUSH, 0, 0, NBD_EINVAL },
		{ NBD_CMD_CACHE, 0, 512, NBD_EINVAL },
		{ 4711, 0, 512, NBD_EINVAL },
		{ NBD_CMD_BLOCK_STATUS, 0, 512,
		  NBD_EINVAL }, /* base:allocation was not agreed on */
		{ NBD_CMD_READ, 0, 0, NBD_EINVAL },
		{ NBD_CMD_READ, SIZE, 1, NBD_EINVAL },
		{ NBD_CMD_READ, SIZE - 1, 2, NBD_EINVAL },
		{ NBD_CMD_READ, 0, NBD_READ_MAX + 1, NBD_EINVAL },
		{ NBD_CMD_READ, 0, UINT32_MAX, NBD_EINVAL },
		{ NBD_CMD_READ, UINT64_MAX, 512, NBD_EINVAL },
		{ NBD_CMD_READ, UINT64_MAX - 511, 512, NBD_EINVAL },
	};

	(void)state;
	for (size_t kind = 0; kind < COUNT(kinds); kind++) {
		struct talk talk;

		talk_open(&talk, kinds[kind].structured, kinds[kind].extended, false);
		for (size_t i = 0; i < COUNT(all); i++) {
			send_request(&talk, 0, all[i].command, all[i].offset, all[i].length);
			assert_int_equal(take(&talk), NBD_NEXT);
			expect_all_taken(&talk);
			assert_int_equal(got_head(&talk, NBD_CHUNK_ERROR, 6), all[i].error);
			assert_int_equal(talk.got.length, 0);
		}
		/* It goes on. */
		send_request(&talk, 0, NBD_CMD_READ, 0, NBD_READ_MAX);
		assert_int_equal(take(&talk), NBD_REQUEST);
		send_request(&talk, 0, NBD_CMD_DISC, 0, 0);
		assert_int_equal(take(&talk), NBD_CLOSE);
		talk_end(&talk);
	}
}

/* Lengths of 64 bits are there with extended headers only. */
static void test_long_requests(void **state)
{
	static const uint64_t lengths[] = { UINT64_MAX, 1ULL << 32, (1ULL << 32) + 512,
					    1ULL << 63 };
	struct talk talk;

	(void)state;
	talk_open(&talk, false, true, true);
	for (size_t i = 0; i < COUNT(lengths); i++) {
		send_request(&talk, 0, NBD_CMD_READ, 0, lengths[i]);
		assert_int_equal(take(&talk), NBD_NEXT);
		assert_int_equal(got_head(&talk, NBD_CHUNK_ERROR, 6), NBD_EINVAL);
		send_request(&talk, 0, NBD_CMD_BLOCK_STATUS, 1024, lengths[i]);
		assert_int_equal(take(&talk), NBD_NEXT);
		assert_int_equal(got_head(&talk, NBD_CHUNK_ERROR, 6), NBD_EINVAL);
	}
	send_request(&talk, 0, NBD_CMD_BLOCK_STATUS, 0, SIZE);
	assert_int_equal(take(&talk), NBD_REQUEST);
	assert_true(talk.request.length == SIZE);
	talk_end(&talk);
}

/* What is to be written is refused, and its data are no requests. */
static void test_write(void **state)
{
	(void)state;
	for (size_t kind = 0; kind < COUNT(kinds); kind++) {
		struct talk talk;
		uint8_t data[1024];

		memset(data, 0x25, sizeof(data));
		talk_open(&talk, kinds[kind].structured, kinds[kind].extended, false);
		send_request(&talk, kinds[kind].extended ? NBD_CMD_PAYLOAD_LENGTH : 0,
			     NBD_CMD_WRITE, 0, sizeof(data));
		wire_bytes(&talk.sent, data, sizeof(data));
		assert_int_equal(take(&talk), NBD_NEXT);
		assert_int_equal(got_head(&talk, NBD_CHUNK_ERROR, 6), NBD_EPERM);
		send_request(&talk, 0, NBD_CMD_READ, 4096, 512);
		while (talk.taken < talk.sent.length - (talk.server.extended ? 32 : 28))
			assert_int_equal(take(&talk), NBD_NEXT);
		assert_int_equal(take(&talk), NBD_REQUEST);
		assert_true(talk.request.offset == 4096);
		assert_int_equal(talk.got.length, 0);
		talk_end(&talk);
	}
}

/* A client may send a payload with any command. */
static void test_payload(void **state)
{
	struct talk talk;

	(void)state;
	talk_open(&talk, false, true, true);
	send_request(&talk, NBD_CMD_PAYLOAD_LENGTH, NBD_CMD_BLOCK_STATUS, 0, 12);
	wire_bytes(&talk.sent, "twelve bytes", 12);
	(void)take(&talk);
	assert_int_equal(talk.server.skip, 12);
	while (talk.taken < talk.sent.length)
		assert_int_equal(take(&talk), NBD_NEXT);
	assert_int_equal(talk.server.skip, 0);
	talk_end(&talk);
}

static void test_no_request(void **state)
{
	(void)state;
	for (size_t kind = 0; kind < COUNT(kinds); kind++) {
		struct talk talk;

		talk_open(&talk, kinds[kind].structured, kinds[kind].extended, false);
		/* The other kind's magic number. */
		wire_number(&talk.sent,
			    kinds[kind].extended ? NBD_REQUEST_MAGIC : NBD_REQUEST_MAGIC_EXTENDED,
			    4);
		wire_bytes(&talk.sent, (uint8_t[28]){ 0 }, 28);
		assert_int_equal(take(&talk), NBD_WRONG);
		assert_non_null(talk.server.wrong);
		talk_end(&talk);
	}
}

static void test_status(void **state)
{
	static const struct nbd_extent extents[] = {
		{ 65536, 0 },
		{ SIZE - 65536, NBD_STATE_HOLE | NBD_STATE_ZERO },
	};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		bool extended = i & 1, one = i & 2;
		size_t number = extended ? 8 : 4, head = extended ? 8 : 4;
		size_t count = one ? 1 : 2;
		struct talk talk;

		talk_open(&talk, true, extended, true);
		send_request(&talk, one ? NBD_CMD_REQ_ONE : 0, NBD_CMD_BLOCK_STATUS, 0, SIZE);
		assert_int_equal(take(&talk), NBD_REQUEST);
		nbd_server_status(&talk.server, &talk.request, extents, 2, &talk.got);
		got_head(&talk, extended ? NBD_CHUNK_STATUS_EXTENDED : NBD_CHUNK_STATUS,
			 head + 2 * number * count);
		assert_int_equal(talk.got.length, head + 2 * number * count);
		if (extended)
			assert_int_equal(bytes_big_endian(talk.got.data + 4, 4), count);
		for (size_t j = 0; j < count; j++) {
			const uint8_t *extent = talk.got.data + head + 2 * number * j;

			assert_true(bytes_big_endian(extent, number) == extents[j].length);
			assert_true(bytes_big_endian(extent + number, number) == extents[j].state);
		}
		talk_end(&talk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),         cmocka_unit_test(test_go),
		cmocka_unit_test(test_go_malformed),  cmocka_unit_test(test_export_name),
		cmocka_unit_test(test_other_options), cmocka_unit_test(test_no_option),
		cmocka_unit_test(test_contexts),      cmocka_unit_test(test_contexts_again),
		cmocka_unit_test(test_read),          cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_requests), cmocka_unit_test(test_write),
		cmocka_unit_test(test_payload),       cmocka_unit_test(test_no_request),
		cmocka_unit_test(test_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
