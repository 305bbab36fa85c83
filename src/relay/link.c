// SPDX-License-Identifier: GPL-2.0-or-later
/* A connection to a disk's export on the machine. */
#include "relay/link.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define HEAD_MAX 28  /* of what stands in front of data */
#define MESSAGE_MAX (80U << 10) /* of all that is not data */
#define TURN_BYTES (1U << 20) /* then the others have their turn */
#define SILENCE 10000ULL /* milliseconds */
#define OVERTAKEN 2000ULL /* likewise */
#define MOVED_MAX 4 /* doublings of it */

struct link {
	struct loop *loop;
	struct watch watch;
	struct link_events events;
	struct nbd_client nbd;
	bool up;

	struct fetch *asked[LINK_REQUESTS]; /* a cookie is the index, and a number of its own */
	uint32_t number[LINK_REQUESTS];
	uint32_t got[LINK_REQUESTS]; /* bytes of the range that have come */
	unsigned count;

	uint8_t in[MESSAGE_MAX];
	size_t in_length;
	uint8_t *rest; /* where the data that comes next goes */
	size_t rest_length;
	unsigned rest_slot;
	bool rest_is_last;

	struct wire out;
	uint64_t heard;
	uint64_t sent; /* when something was sent last, milliseconds */
	uint64_t delay; /* the shortest time to an answer in the handshake */
	uint64_t came_up;
	uint64_t received;
};

static bool is_lost(struct link *link, const char *reason)
{
	link->events.lost(link->events.user, link, reason);
	return true;
}

/* ---- what comes ---------------------------------------------------------------------- */

/* The range that was asked for in @slot is complete, or failed. */
static void finish(struct link *link, unsigned slot)
{
	struct fetch *fetch = link->asked[slot];

	link->asked[slot] = NULL;
	link->count--;
	fetch->link = NULL;
	link->events.done(link->events.user, fetch);
}

static bool finish_read(struct link *link, unsigned slot)
{
	const struct fetch *fetch = link->asked[slot];

	if (fetch->command == NBD_CMD_READ && !fetch->error && link->got[slot] != fetch->span)
		return is_lost(link, "a reply is shorter or longer than what was asked for");
	if (fetch->command == NBD_CMD_BLOCK_STATUS && !fetch->error && !fetch->count)
		return is_lost(link, "a block status says nothing");
	finish(link, slot);
	return false;
}

/* Whether a part of a reply lies within what was asked for. */
static bool is_within(const struct fetch *fetch, uint64_t offset, uint64_t length)
{
	uint64_t from = fetch->offset + fetch->from;

	return fetch->command == NBD_CMD_READ && length && offset >= from &&
	       length <= fetch->span && offset - from <= fetch->span - length;
}

static void take_extents(struct fetch *fetch, const struct nbd_reply *reply)
{
	uint64_t rest = fetch->length;

	free(fetch->extents);
	fetch->extents = memory_zero(reply->count, sizeof(*fetch->extents));
	fetch->count = 0;
	for (size_t i = 0; i < reply->count && rest; i++) {
		struct nbd_extent extent = nbd_client_extent(reply, i);

		if (!extent.length)
			break;
		if (extent.length > rest)
			extent.length = rest;
		rest -= extent.length;
		fetch->extents[fetch->count++] = extent;
	}
}

/* Data follows: it goes to its place in the buffer. */
static void expect_data(struct link *link, unsigned slot, uint64_t offset, size_t length, bool last)
{
	struct fetch *fetch = link->asked[slot];
	size_t ready = length < link->in_length ? length : link->in_length;

	link->rest = fetch->buffer->data + (offset - fetch->offset);
	link->rest_length = length - ready;
	link->rest_slot = slot;
	link->rest_is_last = last;
	link->got[slot] += (uint32_t)length;
	memcpy(link->rest, link->in, ready);
	link->rest += ready;
	link->in_length -= ready;
	memmove(link->in, link->in + ready, link->in_length);
}

/* True when the link is lost by it. */
static bool take_reply(struct link *link, const struct nbd_reply *reply)
{
	unsigned slot = (unsigned)(reply->cookie % LINK_REQUESTS);
	struct fetch *fetch = link->asked[slot];

	if (!fetch || reply->cookie / LINK_REQUESTS != link->number[slot])
		return is_lost(link, "an answer to what was not asked");
	switch (reply->part) {
	case NBD_PART_DATA:
		if (!is_within(fetch, reply->offset, reply->length))
			return is_lost(link, "data that was not asked for");
		expect_data(link, slot, reply->offset, reply->length, reply->last);
		return !link->rest_length && reply->last && finish_read(link, slot);
	case NBD_PART_ALL:
		if (fetch->command != NBD_CMD_READ)
			return is_lost(link, "data that was not asked for");
		expect_data(link, slot, fetch->offset + fetch->from, fetch->span, true);
		return !link->rest_length && finish_read(link, slot);
	case NBD_PART_HOLE:
		if (!is_within(fetch, reply->offset, reply->length))
			return is_lost(link, "a hole that was not asked for");
		memset(fetch->buffer->data + (reply->offset - fetch->offset), 0, reply->length);
		link->got[slot] += (uint32_t)reply->length;
		break;
	case NBD_PART_STATUS:
		if (fetch->command != NBD_CMD_BLOCK_STATUS)
			return is_lost(link, "a block status that was not asked for");
		take_extents(fetch, reply);
		break;
	case NBD_PART_ERROR:
		if (reply->error == NBD_ESHUTDOWN)
			return is_lost(link, "the machine's export is ending");
		fetch->error = reply->error;
		break;
	case NBD_PART_NONE:
		break;
	}
	return reply->last && finish_read(link, slot);
}

/* Deals with what is in @in. True when the link is lost by it. */
static bool take_messages(struct link *link)
{
	while (!link->rest_length) {
		struct nbd_reply reply;
		size_t used;
		enum nbd_step step = nbd_client_take(&link->nbd, link->in, link->in_length, &used,
						     &link->out, &reply);

		if (step == NBD_MORE)
			return link->in_length == sizeof(link->in) &&
			       is_lost(link, "a message is too long");
		if (step == NBD_WRONG)
			return is_lost(link, link->nbd.wrong);
		if (step == NBD_READY) {
			const char *reason = link->events.up(link->events.user, link,
							     &link->nbd.found);

			if (reason)
				return is_lost(link, reason);
			link->up = true;
			link->came_up = loop_now();
		}
		if (step == NBD_REPLY && reply.part == NBD_PART_STATUS) {
			/* its extents lie in @in */
			if (take_reply(link, &reply))
				return true;
			step = NBD_NEXT;
		}
		link->in_length -= used;
		memmove(link->in, link->in + used, link->in_length);
		if (step == NBD_REPLY && take_reply(link, &reply))
			return true;
	}
	return false;
}

/* How much to read beside data: never far into data that follows. */
static size_t head_room(const struct link *link)
{
	size_t room = sizeof(link->in) - link->in_length;

	if (link->up && link->in_length < HEAD_MAX)
		return HEAD_MAX - link->in_length;
	return room < 4096 ? room : 4096;
}

/* Reads once. Returns the bytes that came, 0 for none now, -1 when the link is lost. @all: there is
 * nothing more. */
static ssize_t receive(struct link *link, bool *all)
{
	struct iovec to[2] = {
		{ link->rest, link->rest_length },
		{ link->in + link->in_length, head_room(link) },
	};
	ssize_t got = readv(link->watch.fd, to, 2);
	size_t data;

	*all = got < (ssize_t)(to[0].iov_len + to[1].iov_len);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0) {
		is_lost(link, got ? strerror(errno) : "the machine's end was closed");
		return -1;
	}
	link->heard = loop_now();
	if (!link->up && link->heard - link->sent < link->delay)
		link->delay = link->heard - link->sent;
	link->received += (size_t)got;
	data = (size_t)got < link->rest_length ? (size_t)got : link->rest_length;
	link->in_length += (size_t)got - data;
	if (link->rest_length) {
		link->rest += data;
		link->rest_length -= data;
		if (!link->rest_length && link->rest_is_last && finish_read(link, link->rest_slot))
			return -1;
	}
	return take_messages(link) ? -1 : got;
}

/* ---- what goes -------------------------------------------------------------------------- */

static void want(struct link *link)
{
	loop_want(link->loop, &link->watch, EPOLLIN | (link->out.length ? EPOLLOUT : 0));
}

/* True when the link is lost by it. */
static bool transmit(struct link *link)
{
	while (link->out.length) {
		ssize_t sent = send(link->watch.fd, link->out.data, link->out.length, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN))
			break;
		if (sent < 0)
			return is_lost(link, strerror(errno));
		wire_drop(&link->out, (size_t)sent);
		link->sent = loop_now();
	}
	want(link);
	return false;
}

static void on_ready(void *user, uint32_t events)
{
	struct link *link = user;
	size_t turn = 0;

	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
		bool all = false;

		while (!all && turn < TURN_BYTES) {
			ssize_t got = receive(link, &all);

			if (got < 0)
				return;
			turn += (size_t)got;
		}
	}
	if (link->out.length)
		transmit(link);
}

static unsigned request_flags(const struct link *link, const struct fetch *fetch)
{
	bool can = link->nbd.structured && link->nbd.found.flags & NBD_DONT_FRAGMENT;

	return can && fetch->whole && fetch->command == NBD_CMD_READ ? NBD_CMD_DF : 0;
}

void link_ask(struct link *link, struct fetch *fetch)
{
	unsigned slot = 0;

	while (link->asked[slot])
		slot++;
	if (!link->count)
		link->heard = loop_now();
	link->asked[slot] = fetch;
	link->got[slot] = 0;
	link->count++;
	fetch->state = FETCH_ASKED;
	fetch->link = link;
	fetch->error = 0;
	nbd_client_ask(fetch->command, request_flags(link, fetch),
		       (uint64_t)++link->number[slot] * LINK_REQUESTS + slot,
		       fetch->offset + fetch->from, fetch->span, &link->out);
}

bool link_send(struct link *link)
{
	return link->out.length && transmit(link);
}

/* ---- life ----------------------------------------------------------------------------------- */

struct link *link_new(struct loop *loop, int fd, const char *name, const struct link_events *events)
{
	struct link *link = memory_zero(1, sizeof(*link));

	link->loop = loop;
	link->events = *events;
	link->heard = link->sent = loop_now();
	link->delay = UINT64_MAX;
	nbd_client_begin(&link->nbd, name);
	link->watch = (struct watch){ fd, EPOLLIN, on_ready, link };
	loop_add(loop, &link->watch);
	return link;
}

void link_free(struct link *link)
{
	bool silent = link_is_silent(link);

	for (unsigned slot = 0; slot < LINK_REQUESTS; slot++) {
		struct fetch *fetch = link->asked[slot];

		if (!fetch)
			continue;
		fetch->link = NULL;
		fetch->state = FETCH_PENDING;
		fetch->moved += silent;
		fetch->whole = true; /* perhaps it cannot be read, and that was the reason */
	}
	loop_remove(link->loop, &link->watch);
	close(link->watch.fd);
	wire_free(&link->out);
	free(link);
}

bool link_is_up(const struct link *link)
{
	return link->up;
}

uint64_t link_delay(const struct link *link)
{
	return link->delay;
}

bool link_knows_allocation(const struct link *link)
{
	return link->nbd.allocation;
}

unsigned link_room(const struct link *link)
{
	return link->up ? LINK_REQUESTS - link->count : 0;
}

size_t link_load(const struct link *link)
{
	size_t load = 0;

	for (unsigned slot = 0; slot < LINK_REQUESTS; slot++)
		if (link->asked[slot])
			load += link->asked[slot]->command == NBD_CMD_READ ?
					link->asked[slot]->span - link->got[slot] :
					1;
	return load;
}

bool link_is_silent(const struct link *link)
{
	unsigned moved = 0;

	if (link->up && !link->count)
		return false;
	for (unsigned slot = 0; slot < LINK_REQUESTS; slot++)
		if (link->asked[slot] && link->asked[slot]->moved > moved)
			moved = link->asked[slot]->moved;
	return loop_now() - link->heard >= SILENCE << (moved < MOVED_MAX ? moved : MOVED_MAX);
}

bool link_is_overtaken(const struct link *link, struct link *const *others, size_t count)
{
	for (size_t i = 0; link->count && i < count; i++)
		if (others[i]->up && others[i]->came_up >= link->heard + OVERTAKEN)
			return true;
	return false;
}

uint64_t link_received(const struct link *link)
{
	return link->received;
}
