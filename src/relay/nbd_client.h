/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The NBD protocol as a client speaks it, in memory: bytes in, bytes out. It asks for one
 * export by its name, for structured replies (a server then need not send holes) and for
 * base:allocation, and goes on without these where the server does not have them.
 */
#ifndef P2VD_NBD_CLIENT_H
#define P2VD_NBD_CLIENT_H

#include "relay/nbd.h"
#include "relay/wire.h"

/* What a server said of the export that was asked for. */
struct nbd_found {
	uint64_t size;
	uint16_t flags;
	uint32_t minimum; /* bytes to which requests must be aligned */
};

/* One part of a reply. */
struct nbd_reply {
	uint64_t cookie;
	enum {
		NBD_PART_DATA, /* @length bytes for @offset follow, which the caller reads itself */
		NBD_PART_ALL, /* the whole of what was asked for follows likewise, no length told */
		NBD_PART_HOLE, /* @length bytes at @offset are zeros */
		NBD_PART_STATUS, /* @payload has extents, for nbd_client_extent(): the first ones */
		NBD_PART_ERROR, /* @error */
		NBD_PART_NONE,
	} part;
	bool last; /* of this reply; for data and all: when what follows has come */
	uint64_t offset;
	uint64_t length;
	uint32_t error;
	const uint8_t *payload; /* within the bytes that nbd_client_take() was given */
	size_t count; /* of extents */
};

struct nbd_client {
	const char *name; /* kept by the caller */
	enum {
		NBD_AT_GREETING,
		NBD_AT_STRUCTURED,
		NBD_AT_ALLOCATION,
		NBD_AT_GO,
		NBD_AT_REPLIES,
	} at;
	bool structured;
	bool allocation;
	uint32_t context; /* the number of base:allocation in this connection */
	struct nbd_found found;
	uint64_t skip; /* bytes of a reply that are still to come, and of no use */
	const char *wrong; /* after NBD_WRONG: what was */
};

/* A connection to export @name begins. */
void nbd_client_begin(struct nbd_client *client, const char *name);

/* Takes one message from the @length bytes at @data, says how many bytes were its own in
 * @used, and puts what is to be sent next into @out. Fills in @reply for NBD_REPLY. */
enum nbd_step nbd_client_take(struct nbd_client *client, const uint8_t *data, size_t length,
			      size_t *used, struct wire *out, struct nbd_reply *reply);

/* Extent @index of a reply's payload. */
struct nbd_extent nbd_client_extent(const struct nbd_reply *reply, size_t index);

/* A request: READ or BLOCK_STATUS, with flags of nbd.h. */
void nbd_client_ask(enum nbd_command command, unsigned flags, uint64_t cookie, uint64_t offset,
		    uint32_t length, struct wire *out);

#endif
