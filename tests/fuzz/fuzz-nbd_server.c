// SPDX-License-Identifier: GPL-2.0-or-later
/* What any process of the conversion server may send to the relay in place of virt-v2v. */
#include "relay/nbd_server.h"
#include "run-files.h"

#include <string.h>

#define SIZE (1ULL << 40)

static const struct nbd_export export = { "sda", SIZE, 65536 };

static void answer(const struct nbd_server *server, const struct nbd_request *request,
		   struct wire *out)
{
	static const struct nbd_extent extents[2] = { { 65536, 0 }, { 512, NBD_STATE_HOLE } };

	if (!request->length || request->offset > SIZE || request->length > SIZE - request->offset)
		abort();
	if (request->command == NBD_CMD_READ) {
		if (request->length > NBD_READ_MAX)
			abort();
		nbd_server_data(server, request, out);
	} else if (request->command == NBD_CMD_BLOCK_STATUS && server->allocation) {
		nbd_server_status(server, request, extents, 2, out);
	} else {
		abort();
	}
}

/* Gives it to a server as a connection would that carries @most bytes at once. Returns whether
 * the server has ended the connection. */
static bool serve(const uint8_t *data, size_t size, size_t most, struct wire *out)
{
	struct nbd_server server;
	struct nbd_request request;
	size_t at = 0, here = 0;

	nbd_server_begin(&server, &export, out);
	for (;;) {
		size_t used = 0;
		enum nbd_step step = nbd_server_take(&server, data + at, here - at, &used, out,
						     &request);

		if (used > here - at || (step == NBD_WRONG && !server.wrong))
			abort();
		at += used;
		switch (step) {
		case NBD_REQUEST:
			answer(&server, &request, out);
			break;
		case NBD_NEXT:
			if (!used)
				abort(); /* it would go on for ever */
			break;
		case NBD_MORE:
			if (used)
				abort();
			if (here - at > NBD_OPTION_MAX + 16)
				abort(); /* more than the relay has room for */
			if (here == size)
				return false;
			here = size - here < most ? size : here + most;
			break;
		case NBD_CLOSE:
		case NBD_WRONG:
			return true;
		case NBD_READY:
		case NBD_REPLY:
			abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire whole, pieces; /* kept: memory takes longer than all else */
	bool ended;

	whole.length = pieces.length = 0;
	ended = serve(data, size, size, &whole);
	/* It must not matter how it arrives. */
	if (serve(data, size, size ? 1 + data[size - 1] % 61 : 1, &pieces) != ended ||
	    pieces.length != whole.length || memcmp(pieces.data, whole.data, whole.length))
		abort();
	if (whole.length > 512 + 64 * size)
		abort(); /* much comes of little */
	return 0;
}
