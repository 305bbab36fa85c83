// SPDX-License-Identifier: GPL-2.0-or-later
/* The NBD protocol as a client speaks it, in memory. */
#include "relay/nbd_client.h"
#include "base/bytes.h"

#include <string.h>

#define GREETING_SIZE 18
#define OPTION_REPLY_SIZE 20
#define PAYLOAD_MAX 65536U /* of a chunk without data: an error's text, for example */
#define STATUS_MAX (4U << 20) /* of a block status: QEMU sends up to 1 MiB of it */
#define EXTENTS_MAX 1024U /* that are taken of it, so that the answers need little memory */

static enum nbd_step wrong(struct nbd_client *client, const char *what)
{
	client->wrong = what;
	return NBD_WRONG;
}

/* ---- the handshake -------------------------------------------------------- */

void nbd_client_begin(struct nbd_client *client, const char *name)
{
	*client = (struct nbd_client){ .name = name, .found.minimum = 1 };
}

static void option(struct wire *out, enum nbd_option option, size_t length)
{
	wire_number(out, NBD_OPTION, 8);
	wire_number(out, option, 4);
	wire_number(out, length, 4);
}

static void ask_for_go(struct nbd_client *client, struct wire *out)
{
	size_t name = strlen(client->name);

	client->at = NBD_AT_GO;
	option(out, NBD_OPT_GO, 4 + name + 2 + 2);
	wire_number(out, name, 4);
	wire_bytes(out, client->name, name);
	wire_number(out, 1, 2);
	wire_number(out, NBD_INFO_BLOCK_SIZE, 2);
}

static void ask_for_allocation(struct nbd_client *client, struct wire *out)
{
	size_t name = strlen(client->name), query = strlen(NBD_ALLOCATION);

	client->at = NBD_AT_ALLOCATION;
	option(out, NBD_OPT_SET_META_CONTEXT, 4 + name + 4 + 4 + query);
	wire_number(out, name, 4);
	wire_bytes(out, client->name, name);
	wire_number(out, 1, 4);
	wire_number(out, query, 4);
	wire_bytes(out, NBD_ALLOCATION, query);
}

static enum nbd_step take_greeting(struct nbd_client *client, const uint8_t *data, struct wire *out)
{
	uint64_t flags = bytes_big_endian(data + 16, 2);

	if (bytes_big_endian(data, 8) != NBD_MAGIC || bytes_big_endian(data + 8, 8) != NBD_OPTION)
		return wrong(client, "its greeting is not that of an NBD server");
	if (!(flags & NBD_FIXED_NEWSTYLE))
		return wrong(client, "it does not know NBD's fixed newstyle handshake");
	wire_number(out, flags & (NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES), 4);
	client->at = NBD_AT_STRUCTURED;
	option(out, NBD_OPT_STRUCTURED_REPLY, 0);
	return NBD_NEXT;
}

static void take_info(struct nbd_client *client, const uint8_t *data, size_t length)
{
	uint64_t type = length >= 2 ? bytes_big_endian(data, 2) : UINT64_MAX;

	if (type == NBD_INFO_EXPORT && length == 12) {
		client->found.size = bytes_big_endian(data + 2, 8);
		client->found.flags = (uint16_t)bytes_big_endian(data + 10, 2);
	} else if (type == NBD_INFO_BLOCK_SIZE && length == 14) {
		client->found.minimum = (uint32_t)bytes_big_endian(data + 2, 4);
	}
}

static enum nbd_step take_go(struct nbd_client *client, uint32_t type, const uint8_t *data,
			     size_t length)
{
	uint32_t minimum;

	if (type == NBD_REP_INFO) {
		take_info(client, data, length);
		return NBD_NEXT;
	}
	if (type & NBD_REP_ERROR)
		return wrong(client, "it does not have this run's export");
	if (type != NBD_REP_ACK)
		return wrong(client, "its answer to the export's name makes no sense");
	minimum = client->found.minimum;
	if (!(client->found.flags & NBD_HAS_FLAGS))
		return wrong(client, "it did not describe the export");
	if (!minimum || minimum & (minimum - 1) || minimum > 65536)
		return wrong(client, "its block size makes no sense");
	client->at = NBD_AT_REPLIES;
	return NBD_READY;
}

static enum nbd_step take_allocation(struct nbd_client *client, uint32_t type, const uint8_t *data,
				     size_t length, struct wire *out)
{
	if (type == NBD_REP_META_CONTEXT) {
		if (length == 4 + strlen(NBD_ALLOCATION) &&
		    !memcmp(data + 4, NBD_ALLOCATION, length - 4)) {
			client->allocation = true;
			client->context = (uint32_t)bytes_big_endian(data, 4);
		}
		return NBD_NEXT;
	}
	if (type != NBD_REP_ACK && !(type & NBD_REP_ERROR))
		return wrong(client, "its answer about base:allocation makes no sense");
	client->allocation = client->allocation && type == NBD_REP_ACK;
	ask_for_go(client, out);
	return NBD_NEXT;
}

static enum nbd_step take_structured(struct nbd_client *client, uint32_t type, struct wire *out)
{
	if (type != NBD_REP_ACK && !(type & NBD_REP_ERROR))
		return wrong(client, "its answer about structured replies makes no sense");
	client->structured = type == NBD_REP_ACK;
	if (client->structured)
		ask_for_allocation(client, out);
	else
		ask_for_go(client, out);
	return NBD_NEXT;
}

static enum nbd_step take_option_reply(struct nbd_client *client, const uint8_t *data,
				       size_t length, size_t *used, struct wire *out)
{
	static const uint32_t asked[] = {
		[NBD_AT_STRUCTURED] = NBD_OPT_STRUCTURED_REPLY,
		[NBD_AT_ALLOCATION] = NBD_OPT_SET_META_CONTEXT,
		[NBD_AT_GO] = NBD_OPT_GO,
	};
	uint32_t type = (uint32_t)bytes_big_endian(data + 12, 4);
	size_t size = bytes_big_endian(data + 16, 4);

	if (bytes_big_endian(data, 8) != NBD_OPTION_REPLY)
		return wrong(client, "its handshake is not NBD's");
	if (bytes_big_endian(data + 8, 4) != asked[client->at])
		return wrong(client, "it answered another option than was asked for");
	if (size > NBD_OPTION_MAX)
		return wrong(client, "an answer in its handshake is too long");
	if (length - OPTION_REPLY_SIZE < size)
		return NBD_MORE;
	*used = OPTION_REPLY_SIZE + size;
	data += OPTION_REPLY_SIZE;
	if (client->at == NBD_AT_STRUCTURED)
		return take_structured(client, type, out);
	if (client->at == NBD_AT_ALLOCATION)
		return take_allocation(client, type, data, size, out);
	return take_go(client, type, data, size);
}

/* ---- replies ------------------------------------------------------------------ */

static enum nbd_step take_simple(struct nbd_client *client, const uint8_t *data, size_t length,
				 size_t *used, struct nbd_reply *reply)
{
	if (length < NBD_REPLY_SIZE)
		return NBD_MORE;
	*used = NBD_REPLY_SIZE;
	*reply = (struct nbd_reply){
		.error = (uint32_t)bytes_big_endian(data + 4, 4),
		.cookie = bytes_big_endian(data + 8, 8),
		.last = true,
	};
	reply->part = reply->error ? NBD_PART_ERROR : NBD_PART_ALL;
	if (client->structured && !reply->error)
		return wrong(client, "a simple reply where structured ones were agreed on");
	return NBD_REPLY;
}

/* Chunks whose @size bytes at @data have all come. */
static enum nbd_step take_payload(struct nbd_client *client, unsigned type, const uint8_t *data,
				  size_t size, struct nbd_reply *reply)
{
	if (type & NBD_CHUNK_IS_ERROR) {
		if (size < 6 || bytes_big_endian(data + 4, 2) > size - 6)
			return wrong(client, "an error of a wrong length");
		reply->part = NBD_PART_ERROR;
		reply->error = (uint32_t)bytes_big_endian(data, 4);
		if (!reply->error)
			return wrong(client, "an error without a number");
		return NBD_REPLY;
	}
	switch (type) {
	case NBD_CHUNK_NONE:
		if (size || !reply->last)
			return wrong(client, "an empty part of a wrong length");
		reply->part = NBD_PART_NONE;
		return NBD_REPLY;
	case NBD_CHUNK_HOLE:
		if (size != 12)
			return wrong(client, "a hole of a wrong length");
		reply->part = NBD_PART_HOLE;
		reply->offset = bytes_big_endian(data, 8);
		reply->length = bytes_big_endian(data + 8, 4);
		return NBD_REPLY;
	case NBD_CHUNK_STATUS:
		if (!client->allocation || size < 12 || (size - 4) % 8 ||
		    bytes_big_endian(data, 4) != client->context)
			return wrong(client, "a block status that was not agreed on");
		reply->part = NBD_PART_STATUS;
		reply->payload = data + 4;
		reply->count = (size - 4) / 8;
		return NBD_REPLY;
	default:
		return wrong(client, "a part of a reply that is not known");
	}
}

static enum nbd_step take_chunk(struct nbd_client *client, const uint8_t *data, size_t length,
				size_t *used, struct nbd_reply *reply)
{
	unsigned type;
	size_t size, taken;

	if (length < NBD_CHUNK_SIZE)
		return NBD_MORE;
	if (!client->structured)
		return wrong(client, "a structured reply that was not agreed on");
	type = (unsigned)bytes_big_endian(data + 6, 2);
	size = bytes_big_endian(data + 16, 4);
	*reply = (struct nbd_reply){
		.last = bytes_big_endian(data + 4, 2) & NBD_CHUNK_DONE,
		.cookie = bytes_big_endian(data + 8, 8),
	};
	data += NBD_CHUNK_SIZE;
	length -= NBD_CHUNK_SIZE;
	if (type == NBD_CHUNK_DATA) {
		if (size <= 8)
			return wrong(client, "data of a wrong length");
		if (length < 8)
			return NBD_MORE;
		reply->part = NBD_PART_DATA;
		reply->offset = bytes_big_endian(data, 8);
		reply->length = size - 8;
		*used = NBD_CHUNK_SIZE + 8;
		return NBD_REPLY;
	}
	if (size > (type == NBD_CHUNK_STATUS ? STATUS_MAX : PAYLOAD_MAX))
		return wrong(client, "a part of a reply that is too long");
	if (type == NBD_CHUNK_STATUS && size % 8 == 4 && size > 4 + 8 * EXTENTS_MAX)
		taken = 4 + 8 * EXTENTS_MAX;
	else
		taken = size;
	if (length < taken)
		return NBD_MORE;
	client->skip = size - taken;
	*used = NBD_CHUNK_SIZE + taken;
	return take_payload(client, type, data, taken, reply);
}

enum nbd_step nbd_client_take(struct nbd_client *client, const uint8_t *data, size_t length,
			      size_t *used, struct wire *out, struct nbd_reply *reply)
{
	size_t size = client->at == NBD_AT_GREETING ? GREETING_SIZE :
		      client->at == NBD_AT_REPLIES  ? 4 :
						      OPTION_REPLY_SIZE;

	*used = 0;
	if (client->skip) {
		*used = length < client->skip ? length : (size_t)client->skip;
		client->skip -= *used;
		return length ? NBD_NEXT : NBD_MORE;
	}
	if (length < size)
		return NBD_MORE;
	if (client->at == NBD_AT_GREETING) {
		*used = GREETING_SIZE;
		return take_greeting(client, data, out);
	}
	if (client->at != NBD_AT_REPLIES)
		return take_option_reply(client, data, length, used, out);
	switch (bytes_big_endian(data, 4)) {
	case NBD_REPLY_MAGIC:
		return take_simple(client, data, length, used, reply);
	case NBD_CHUNK_MAGIC:
		return take_chunk(client, data, length, used, reply);
	default:
		return wrong(client, "no reply where one has to begin");
	}
}

struct nbd_extent nbd_client_extent(const struct nbd_reply *reply, size_t index)
{
	const uint8_t *extent = reply->payload + 8 * index;

	return (struct nbd_extent){ bytes_big_endian(extent, 4),
				    (uint32_t)bytes_big_endian(extent + 4, 4) };
}

void nbd_client_ask(enum nbd_command command, unsigned flags, uint64_t cookie, uint64_t offset,
		    uint32_t length, struct wire *out)
{
	wire_number(out, NBD_REQUEST_MAGIC, 4);
	wire_number(out, flags, 2);
	wire_number(out, command, 2);
	wire_number(out, cookie, 8);
	wire_number(out, offset, 8);
	wire_number(out, length, 4);
}
