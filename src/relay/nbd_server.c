// SPDX-License-Identifier: GPL-2.0-or-later
/* The NBD protocol as a server speaks it, in memory. */
#include "relay/nbd_server.h"
#include "base/bytes.h"

#include <string.h>

#define FLAGS_SIZE 4
#define OPTION_SIZE 16
#define CONTEXT_ID 1
#define BLOCK_SIZE_MIN 1

static enum nbd_step wrong(struct nbd_server *server, const char *what)
{
	server->wrong = what;
	return NBD_WRONG;
}

/* ---- the handshake -------------------------------------------------------- */

void nbd_server_begin(struct nbd_server *server, const struct nbd_export *export, struct wire *out)
{
	*server = (struct nbd_server){ .export = export };
	wire_number(out, NBD_MAGIC, 8);
	wire_number(out, NBD_OPTION, 8);
	wire_number(out, NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES, 2);
}

bool nbd_server_is_ready(const struct nbd_server *server)
{
	return server->at == NBD_AT_REQUESTS;
}

static enum nbd_step take_flags(struct nbd_server *server, uint32_t flags)
{
	if (!(flags & NBD_FIXED_NEWSTYLE) || flags & ~(NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES))
		return wrong(server, "flags that are not known");
	server->no_zeroes = flags & NBD_NO_ZEROES;
	server->at = NBD_AT_OPTIONS;
	return NBD_NEXT;
}

static void reply(struct wire *out, uint32_t option, uint32_t type, size_t length)
{
	wire_number(out, NBD_OPTION_REPLY, 8);
	wire_number(out, option, 4);
	wire_number(out, type, 4);
	wire_number(out, length, 4);
}

static uint16_t export_flags(void)
{
	return NBD_HAS_FLAGS | NBD_READ_ONLY | NBD_DONT_FRAGMENT | NBD_MULTI_CONN;
}

static bool is_export(const struct nbd_server *server, const uint8_t *name, size_t length)
{
	const char *own = server->export->name;

	return !length || (length == strlen(own) && !memcmp(name, own, length));
}

static void take_go(struct nbd_server *server, uint32_t option, const uint8_t *data, size_t length,
		    struct wire *out)
{
	size_t name = length >= 6 ? bytes_big_endian(data, 4) : 0;
	const struct nbd_export *export = server->export;

	if (length < 6 || name > length - 6 ||
	    bytes_big_endian(data + 4 + name, 2) * 2 != length - 6 - name) {
		reply(out, option, NBD_REP_ERR_INVALID, 0);
		return;
	}
	if (!is_export(server, data + 4, name)) {
		reply(out, option, NBD_REP_ERR_UNKNOWN, 0);
		return;
	}
	reply(out, option, NBD_REP_INFO, 12);
	wire_number(out, NBD_INFO_EXPORT, 2);
	wire_number(out, export->size, 8);
	wire_number(out, export_flags(), 2);
	reply(out, option, NBD_REP_INFO, 14);
	wire_number(out, NBD_INFO_BLOCK_SIZE, 2);
	wire_number(out, BLOCK_SIZE_MIN, 4);
	wire_number(out, export->preferred, 4);
	wire_number(out, NBD_READ_MAX, 4);
	reply(out, option, NBD_REP_ACK, 0);
	if (option == NBD_OPT_GO)
		server->at = NBD_AT_REQUESTS;
}

/* Which of the queries base:allocation answers: "base:" lists all of the namespace. */
static bool query_matches(const uint8_t *query, size_t length, bool list)
{
	return (length == strlen(NBD_ALLOCATION) && !memcmp(query, NBD_ALLOCATION, length)) ||
	       (list && length == 5 && !memcmp(query, "base:", 5));
}

/* Whether the queries in @data are well-formed; @found: whether base:allocation is meant. */
static bool take_queries(const uint8_t *data, size_t length, bool list, bool *found)
{
	size_t name = length >= 8 ? bytes_big_endian(data, 4) : 0;
	uint64_t count;

	if (length < 8 || name > length - 8)
		return false;
	count = bytes_big_endian(data + 4 + name, 4);
	data += 8 + name;
	length -= 8 + name;
	*found = list && !count;
	for (; count; count--) {
		size_t size = length >= 4 ? bytes_big_endian(data, 4) : 0;

		if (length < 4 || size > length - 4)
			return false;
		*found = *found || query_matches(data + 4, size, list);
		data += 4 + size;
		length -= 4 + size;
	}
	return !length;
}

static void take_contexts(struct nbd_server *server, uint32_t option, const uint8_t *data,
			  size_t length, struct wire *out)
{
	bool list = option == NBD_OPT_LIST_META_CONTEXT, found = false;

	if (!list)
		server->allocation = false;
	if (!(server->structured || server->extended) ||
	    !take_queries(data, length, list, &found)) {
		reply(out, option, NBD_REP_ERR_INVALID, 0);
		return;
	}
	if (!is_export(server, data + 4, bytes_big_endian(data, 4))) {
		reply(out, option, NBD_REP_ERR_UNKNOWN, 0);
		return;
	}
	if (found) {
		reply(out, option, NBD_REP_META_CONTEXT, 4 + strlen(NBD_ALLOCATION));
		wire_number(out, list ? 0 : CONTEXT_ID, 4);
		wire_bytes(out, NBD_ALLOCATION, strlen(NBD_ALLOCATION));
	}
	if (!list)
		server->allocation = found;
	reply(out, option, NBD_REP_ACK, 0);
}

static enum nbd_step take_export_name(struct nbd_server *server, const uint8_t *name, size_t length,
				      struct wire *out)
{
	static const uint8_t zeroes[124];

	if (!is_export(server, name, length)) /* there is no answer to it but this */
		return wrong(server, "another export's name");
	wire_number(out, server->export->size, 8);
	wire_number(out, export_flags(), 2);
	if (!server->no_zeroes)
		wire_bytes(out, zeroes, sizeof(zeroes));
	server->at = NBD_AT_REQUESTS;
	return NBD_NEXT;
}

static void agree(bool *agreed, uint32_t option, size_t length, struct wire *out)
{
	*agreed = *agreed || !length;
	reply(out, option, length ? NBD_REP_ERR_INVALID : NBD_REP_ACK, 0);
}

static enum nbd_step take_option(struct nbd_server *server, uint32_t option, const uint8_t *data,
				 size_t length, struct wire *out)
{
	switch (option) {
	case NBD_OPT_EXPORT_NAME:
		return take_export_name(server, data, length, out);
	case NBD_OPT_ABORT:
		reply(out, option, NBD_REP_ACK, 0);
		return NBD_CLOSE;
	case NBD_OPT_LIST:
		if (length) {
			reply(out, option, NBD_REP_ERR_INVALID, 0);
			break;
		}
		reply(out, option, NBD_REP_SERVER, 4);
		wire_number(out, 0, 4); /* the default's name is empty */
		reply(out, option, NBD_REP_ACK, 0);
		break;
	case NBD_OPT_INFO:
	case NBD_OPT_GO:
		take_go(server, option, data, length, out);
		break;
	case NBD_OPT_STRUCTURED_REPLY:
		agree(&server->structured, option, length, out);
		break;
	case NBD_OPT_EXTENDED_HEADERS:
		agree(&server->extended, option, length, out);
		break;
	case NBD_OPT_LIST_META_CONTEXT:
	case NBD_OPT_SET_META_CONTEXT:
		take_contexts(server, option, data, length, out);
		break;
	default:
		reply(out, option, NBD_REP_ERR_UNSUP, 0);
	}
	return NBD_NEXT;
}

/* ---- requests -------------------------------------------------------------- */

/* 0, or why the request is answered with an error. */
static uint32_t refuse(const struct nbd_server *server, const struct nbd_request *request)
{
	uint64_t size = server->export->size;

	switch (request->command) {
	case NBD_CMD_WRITE:
	case NBD_CMD_TRIM:
	case NBD_CMD_WRITE_ZEROES:
		return NBD_EPERM;
	case NBD_CMD_BLOCK_STATUS:
		if (!server->allocation)
			return NBD_EINVAL;
		break;
	case NBD_CMD_READ:
		if (request->length > NBD_READ_MAX)
			return NBD_EINVAL;
		break;
	default:
		return NBD_EINVAL;
	}
	if (!request->length || request->offset > size || request->length > size - request->offset)
		return NBD_EINVAL;
	return 0;
}

static enum nbd_step take_request(struct nbd_server *server, const uint8_t *data, struct wire *out,
				  struct nbd_request *request)
{
	uint32_t error;

	*request = (struct nbd_request){
		.flags = (uint16_t)bytes_big_endian(data + 4, 2),
		.command = (uint16_t)bytes_big_endian(data + 6, 2),
		.cookie = bytes_big_endian(data + 8, 8),
		.offset = bytes_big_endian(data + 16, 8),
		.length = bytes_big_endian(data + 24, server->extended ? 8 : 4),
	};
	if (request->command == NBD_CMD_DISC)
		return NBD_CLOSE;
	if (request->command == NBD_CMD_WRITE ||
	    (server->extended && request->flags & NBD_CMD_PAYLOAD_LENGTH))
		server->skip = request->length;
	error = refuse(server, request);
	if (!error)
		return NBD_REQUEST;
	nbd_server_error(server, request, error, out);
	return NBD_NEXT;
}

enum nbd_step nbd_server_take(struct nbd_server *server, const uint8_t *data, size_t length,
			      size_t *used, struct wire *out, struct nbd_request *request)
{
	size_t size = server->at == NBD_AT_FLAGS   ? FLAGS_SIZE :
		      server->at == NBD_AT_OPTIONS ? OPTION_SIZE :
		      server->extended             ? NBD_REQUEST_SIZE_EXTENDED :
						     NBD_REQUEST_SIZE;
	uint64_t option;

	*used = 0;
	if (server->skip) {
		*used = length < server->skip ? length : (size_t)server->skip;
		server->skip -= *used;
		return length ? NBD_NEXT : NBD_MORE;
	}
	if (length < size)
		return NBD_MORE;
	*used = size;
	switch (server->at) {
	case NBD_AT_FLAGS:
		return take_flags(server, (uint32_t)bytes_big_endian(data, 4));
	case NBD_AT_REQUESTS:
		if (bytes_big_endian(data, 4) !=
		    (server->extended ? NBD_REQUEST_MAGIC_EXTENDED : NBD_REQUEST_MAGIC))
			return wrong(server, "no request where one has to begin");
		return take_request(server, data, out, request);
	case NBD_AT_OPTIONS:
		break;
	}
	if (bytes_big_endian(data, 8) != NBD_OPTION)
		return wrong(server, "no option where one has to begin");
	option = bytes_big_endian(data + 8, 4);
	size = bytes_big_endian(data + 12, 4);
	if (size > NBD_OPTION_MAX)
		return wrong(server, "an option that is too long");
	if (length - OPTION_SIZE < size) {
		*used = 0;
		return NBD_MORE;
	}
	*used += size;
	return take_option(server, (uint32_t)option, data + OPTION_SIZE, size, out);
}

/* ---- replies ------------------------------------------------------------------ */

static void chunk(const struct nbd_server *server, const struct nbd_request *request,
		  enum nbd_chunk type, uint64_t length, struct wire *out)
{
	wire_number(out, server->extended ? NBD_CHUNK_MAGIC_EXTENDED : NBD_CHUNK_MAGIC, 4);
	wire_number(out, NBD_CHUNK_DONE, 2);
	wire_number(out, type, 2);
	wire_number(out, request->cookie, 8);
	if (server->extended)
		wire_number(out, request->offset, 8);
	wire_number(out, length, server->extended ? 8 : 4);
}

static void simple(const struct nbd_request *request, uint32_t error, struct wire *out)
{
	wire_number(out, NBD_REPLY_MAGIC, 4);
	wire_number(out, error, 4);
	wire_number(out, request->cookie, 8);
}

void nbd_server_data(const struct nbd_server *server, const struct nbd_request *request,
		     struct wire *out)
{
	if (!server->structured && !server->extended) {
		simple(request, 0, out);
		return;
	}
	chunk(server, request, NBD_CHUNK_DATA, 8 + request->length, out);
	wire_number(out, request->offset, 8);
}

void nbd_server_status(const struct nbd_server *server, const struct nbd_request *request,
		       const struct nbd_extent *extents, size_t count, struct wire *out)
{
	if (request->flags & NBD_CMD_REQ_ONE)
		count = 1;
	if (server->extended) {
		chunk(server, request, NBD_CHUNK_STATUS_EXTENDED, 8 + 16 * count, out);
		wire_number(out, CONTEXT_ID, 4);
		wire_number(out, count, 4);
	} else {
		chunk(server, request, NBD_CHUNK_STATUS, 4 + 8 * count, out);
		wire_number(out, CONTEXT_ID, 4);
	}
	for (size_t i = 0; i < count; i++) {
		wire_number(out, extents[i].length, server->extended ? 8 : 4);
		wire_number(out, extents[i].state, server->extended ? 8 : 4);
	}
}

void nbd_server_error(const struct nbd_server *server, const struct nbd_request *request,
		      uint32_t error, struct wire *out)
{
	if (!server->structured && !server->extended) {
		simple(request, error, out);
		return;
	}
	chunk(server, request, NBD_CHUNK_ERROR, 6, out);
	wire_number(out, error, 4);
	wire_number(out, 0, 2); /* no text */
}
