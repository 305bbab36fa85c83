// SPDX-License-Identifier: GPL-2.0-or-later
/* A connection of virt-v2v's to a disk. */
#include "relay/reader.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define IN_ROOM (2 * NBD_OPTION_MAX)
#define IOVECS 64
#define READS_MAX 128 /* of one reader at once */
#define ANSWERS_MAX (4U << 20) /* bytes of answers without data that wait to be sent */

/* Bytes on their way to the reader. */
struct piece {
	struct piece *next;
	struct buffer *buffer;
	size_t start;
	size_t length;
};

struct reader {
	struct loop *loop;
	struct watch watch;
	struct reader_events events;
	struct disk *disk;
	struct nbd_server nbd;
	bool ready;

	uint8_t in[IN_ROOM];
	size_t in_length;
	bool waits; /* @request has to wait for room */
	struct nbd_request request;

	struct read *reads;
	unsigned read_count;

	struct piece *first, **last;
	bool full; /* the socket takes nothing now */
	size_t answers; /* bytes of @answer_buffers */
};

static bool is_gone(struct reader *reader, const char *reason)
{
	reader->events.gone(reader->events.user, reader, reason);
	return true;
}

/* ---- answers -------------------------------------------------------------------------- */

static void add_piece(struct reader *reader, struct buffer *buffer, size_t start, size_t length)
{
	struct piece *piece = memory_zero(1, sizeof(*piece));

	*piece = (struct piece){ .buffer = buffer, .start = start, .length = length };
	*reader->last = piece;
	reader->last = &piece->next;
}

static void drop_piece(struct reader *reader)
{
	struct piece *piece = reader->first;

	reader->first = piece->next;
	if (!reader->first)
		reader->last = &reader->first;
	buffer_drop(piece->buffer);
	free(piece);
}

/* Hands over what is in @wire, and empties it. */
static void add_wire(struct reader *reader, struct wire *wire)
{
	struct buffer *buffer;

	if (wire->length) {
		buffer = buffer_new(wire->length, &reader->answers);
		memcpy(buffer->data, wire->data, wire->length);
		add_piece(reader, buffer, 0, wire->length);
	}
	wire_free(wire);
}

static void on_read(void *user, struct read *read)
{
	struct reader *reader = user;
	struct read **at = &reader->reads;
	struct wire head = { 0 };
	bool data = !read->error && read->request.command == NBD_CMD_READ;

	while (*at != read)
		at = &(*at)->next;
	*at = read->next;
	reader->read_count--;
	if (read->error)
		nbd_server_error(&reader->nbd, &read->request, read->error, &head);
	else if (data)
		nbd_server_data(&reader->nbd, &read->request, &head);
	else
		nbd_server_status(&reader->nbd, &read->request, read->extents, read->extent_count,
				  &head);
	add_wire(reader, &head);
	for (size_t i = 0; data && i < read->count; i++)
		add_piece(reader, buffer_hold(read->parts[i].buffer), read->parts[i].start,
			  read->parts[i].length);
	read_free(read);
}

static void want(struct reader *reader)
{
	bool takes = !reader->waits && reader->read_count < READS_MAX &&
		     reader->answers < ANSWERS_MAX;

	loop_want(reader->loop, &reader->watch,
		  (takes ? EPOLLIN : 0) | (reader->first ? EPOLLOUT : 0));
}

/* Sends what there is. True when the reader is gone by it. */
static bool transmit(struct reader *reader)
{
	while (reader->first && !reader->full) {
		struct iovec from[IOVECS];
		struct msghdr message = { .msg_iov = from };
		ssize_t sent;

		for (struct piece *piece = reader->first; piece && message.msg_iovlen < IOVECS;
		     piece = piece->next)
			from[message.msg_iovlen++] = (struct iovec){
				piece->buffer->data + piece->start, piece->length
			};
		sent = sendmsg(reader->watch.fd, &message, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN) {
			reader->full = true;
			break;
		}
		if (sent < 0)
			return is_gone(reader, strerror(errno));
		while (reader->first && (size_t)sent >= reader->first->length) {
			sent -= (ssize_t)reader->first->length;
			drop_piece(reader);
		}
		if (reader->first) {
			reader->first->start += (size_t)sent;
			reader->first->length -= (size_t)sent;
		}
	}
	return false;
}

/* ---- requests ------------------------------------------------------------------------- */

static void take_up(struct reader *reader)
{
	struct read *read = disk_ask(reader->disk, &reader->request, on_read, reader);

	read->next = reader->reads;
	reader->reads = read;
	reader->read_count++;
	if (!read->missing)
		on_read(reader, read);
}

static uint64_t room_needed(const struct nbd_request *request)
{
	return request->command == NBD_CMD_READ ? request->length : 0;
}

/* Deals with one message. Returns false when there is none, or it has to wait; @gone: the reader
 * is. */
static bool take_message(struct reader *reader, struct wire *out, bool *gone)
{
	size_t used;
	enum nbd_step step = nbd_server_take(&reader->nbd, reader->in, reader->in_length, &used,
					     out, &reader->request);

	reader->in_length -= used;
	memmove(reader->in, reader->in + used, reader->in_length);
	switch (step) {
	case NBD_REQUEST:
		reader->waits = !disk_has_room(reader->disk, room_needed(&reader->request));
		add_wire(reader, out);
		if (!reader->waits)
			take_up(reader);
		return !reader->waits;
	case NBD_NEXT:
		if (!reader->ready && nbd_server_is_ready(&reader->nbd)) {
			reader->ready = true;
			*gone = !reader->events.ready(reader->events.user, reader) &&
				is_gone(reader, "virt-v2v has all its connections already");
		}
		return !*gone;
	case NBD_CLOSE:
		*gone = is_gone(reader, NULL);
		return false;
	case NBD_WRONG:
		*gone = is_gone(reader, reader->nbd.wrong);
		return false;
	case NBD_MORE:
	case NBD_READY:
	case NBD_REPLY:
		break;
	}
	return false;
}

/* True when the reader is gone by it. */
static bool take_messages(struct reader *reader)
{
	struct wire out = { 0 };
	bool gone = false;

	while (!reader->waits && reader->read_count < READS_MAX &&
	       take_message(reader, &out, &gone))
		;
	if (gone) {
		wire_free(&out);
		return true;
	}
	add_wire(reader, &out);
	return false;
}

static void on_ready(void *user, uint32_t events)
{
	struct reader *reader = user;
	ssize_t got = 0;

	if (events & EPOLLOUT)
		reader->full = false;
	if (events & EPOLLIN && reader->in_length < sizeof(reader->in)) {
		got = recv(reader->watch.fd, reader->in + reader->in_length,
			   sizeof(reader->in) - reader->in_length, 0);
		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
			is_gone(reader, got ? strerror(errno) : "it closed the connection");
			return;
		}
	} else if (events & (EPOLLHUP | EPOLLERR)) {
		is_gone(reader, "it closed the connection");
		return;
	}
	if (got > 0)
		reader->in_length += (size_t)got;
	reader_work(reader);
}

void reader_work(struct reader *reader)
{
	if (reader->waits && disk_has_room(reader->disk, room_needed(&reader->request))) {
		reader->waits = false;
		take_up(reader);
	}
	if (take_messages(reader) || transmit(reader))
		return;
	want(reader);
}

/* ---- life --------------------------------------------------------------------------------- */

struct reader *reader_new(struct loop *loop, int fd, struct disk *disk,
			  const struct reader_events *events)
{
	struct reader *reader = memory_zero(1, sizeof(*reader));
	struct wire out = { 0 };

	reader->loop = loop;
	reader->events = *events;
	reader->disk = disk;
	reader->last = &reader->first;
	nbd_server_begin(&reader->nbd, disk_export(disk), &out);
	add_wire(reader, &out);
	reader->watch = (struct watch){ fd, EPOLLIN | EPOLLOUT, on_ready, reader };
	loop_add(loop, &reader->watch);
	return reader;
}

void reader_free(struct reader *reader)
{
	while (reader->reads) {
		struct read *read = reader->reads;

		reader->reads = read->next;
		read_free(read);
	}
	while (reader->first)
		drop_piece(reader);
	loop_remove(reader->loop, &reader->watch);
	close(reader->watch.fd);
	free(reader);
}
