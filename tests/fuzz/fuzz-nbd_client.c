// SPDX-License-Identifier: GPL-2.0-or-later
/* What a machine may send to the relay, or whoever sits at the tunnel's other end. */
#include "relay/nbd_client.h"
#include "run-files.h"

#include <string.h>

#define ASKED 512 /* bytes that an answer without a length brings */

/* What was understood of it, summed up. */
struct heard {
	uint64_t sum;
	bool ended;
	struct wire out;
};

static void add(struct heard *heard, uint64_t number)
{
	heard->sum = heard->sum * 1099511628211 + number;
}

/* Returns the bytes of data that follow the reply. */
static uint64_t hear(struct heard *heard, const struct nbd_client *client,
		     const struct nbd_reply *reply)
{
	add(heard, reply->cookie);
	add(heard, reply->part * 2 + reply->last);
	switch (reply->part) {
	case NBD_PART_DATA:
		if (!client->structured || !reply->length)
			abort();
		return reply->length;
	case NBD_PART_ALL:
		if (client->structured || !reply->last)
			abort();
		return ASKED;
	case NBD_PART_STATUS:
		if (!reply->count || !client->allocation)
			abort();
		for (size_t i = 0; i < reply->count; i++) {
			struct nbd_extent extent = nbd_client_extent(reply, i);

			add(heard, extent.length);
			add(heard, extent.state);
		}
		return 0;
	case NBD_PART_ERROR:
		if (!reply->error)
			abort();
		add(heard, reply->error);
		return 0;
	case NBD_PART_HOLE:
		add(heard, reply->offset);
		add(heard, reply->length);
		return 0;
	case NBD_PART_NONE:
		if (!reply->last)
			abort();
		return 0;
	}
	abort();
}

static void listen_to(const uint8_t *data, size_t size, size_t most, struct heard *heard)
{
	struct nbd_client client;
	size_t at = 0, here = 0;
	uint64_t follows = 0;

	nbd_client_begin(&client, "p2v-12345678-0");
	for (;;) {
		struct nbd_reply reply;
		size_t used = 0, rest = here - at;
		uint64_t skipped = follows < rest ? follows : rest;
		enum nbd_step step;

		at += skipped;
		follows -= skipped;
		step = follows ? NBD_MORE :
				 nbd_client_take(&client, data + at, here - at, &used, &heard->out,
						 &reply);
		if (used > here - at || (step == NBD_WRONG && !client.wrong))
			abort();
		switch (step) {
		case NBD_REPLY:
			follows = hear(heard, &client, &reply);
			break;
		case NBD_READY:
			add(heard, client.found.size);
			add(heard, client.found.minimum);
			nbd_client_ask(NBD_CMD_READ, 0, 17, 0, ASKED, &heard->out);
			break;
		case NBD_NEXT:
			break;
		case NBD_MORE:
			if (used)
				abort();
			if (here - at > 80 << 10)
				abort(); /* more than the relay has room for */
			if (here == size)
				return;
			here = size - here < most ? size : here + most;
			continue;
		case NBD_WRONG:
			heard->ended = true;
			return;
		case NBD_CLOSE:
		case NBD_REQUEST:
			abort();
		}
		if (!used)
			abort(); /* it would go on for ever */
		at += used;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct heard whole, pieces; /* kept: memory takes longer than all else */

	whole = (struct heard){ .out = whole.out };
	pieces = (struct heard){ .out = pieces.out };
	whole.out.length = pieces.out.length = 0;
	listen_to(data, size, size, &whole);
	/* It must not matter how it arrives. */
	listen_to(data, size, size ? 1 + data[size - 1] % 61 : 1, &pieces);
	if (whole.sum != pieces.sum || whole.ended != pieces.ended ||
	    whole.out.length != pieces.out.length ||
	    (whole.out.length && memcmp(whole.out.data, pieces.out.data, whole.out.length)))
		abort();
	if (whole.out.length > 1024)
		abort(); /* it has asked for each thing once */
	return 0;
}
