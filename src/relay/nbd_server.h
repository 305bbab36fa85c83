/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The NBD protocol as a server speaks it, in memory: bytes in, bytes out. Fixed newstyle
 * handshake; simple and structured replies, extended headers; the metadata context
 * base:allocation. Read-only.
 */
#ifndef P2VD_NBD_SERVER_H
#define P2VD_NBD_SERVER_H

#include "relay/nbd.h"
#include "relay/wire.h"

struct nbd_export {
	const char *name; /* its own; a client may also ask for the default, "" */
	uint64_t size;
	uint32_t preferred; /* bytes that are best read at once, a power of two */
};

struct nbd_request {
	uint16_t command; /* enum nbd_command: READ or BLOCK_STATUS; all others are answered here */
	uint16_t flags;
	uint64_t cookie;
	uint64_t offset;
	uint64_t length; /* not 0, and within the export */
};

struct nbd_server {
	const struct nbd_export *export; /* kept by the caller */
	enum { NBD_AT_FLAGS, NBD_AT_OPTIONS, NBD_AT_REQUESTS } at;
	bool no_zeroes;
	bool structured;
	bool extended;
	bool allocation; /* base:allocation is agreed on */
	uint64_t skip; /* bytes of a request's data that are still to come */
	const char *wrong; /* after NBD_WRONG: what was */
};

/* A connection to @export begins: the greeting goes into @out. */
void nbd_server_begin(struct nbd_server *server, const struct nbd_export *export, struct wire *out);

/* Takes one message from the @length bytes at @data, says how many bytes were its own in
 * @used, and puts an answer that needs no data into @out. Fills in @request for NBD_REQUEST. */
enum nbd_step nbd_server_take(struct nbd_server *server, const uint8_t *data, size_t length,
			      size_t *used, struct wire *out, struct nbd_request *request);

/* Whether the handshake is over. */
bool nbd_server_is_ready(const struct nbd_server *server);

/* What stands in front of all data that a read asked for. */
void nbd_server_data(const struct nbd_server *server, const struct nbd_request *request,
		     struct wire *out);

/* The answer to a BLOCK_STATUS: @count extents, the first at the request's offset. */
void nbd_server_status(const struct nbd_server *server, const struct nbd_request *request,
		       const struct nbd_extent *extents, size_t count, struct wire *out);

/* The answer to a request that failed, with an error of nbd.h. */
void nbd_server_error(const struct nbd_server *server, const struct nbd_request *request,
		      uint32_t error, struct wire *out);

#endif
