// SPDX-License-Identifier: GPL-2.0-or-later
/* What has come of a disk, in a file without a name. */
#include "relay/store.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#define QUEUE_BYTES (16U << 20)
#define QUEUE_ITEMS 1024
#define CHUNK (16U << 20)  /* bytes that grow old, and go, together, at least */
#define CHUNKS (1U << 20)  /* of a disk at most, for their ages take memory */
#define LOOK_BYTES (64ULL << 20) /* how often the room of the file system is looked at */

/* Blocks on their way into the file. */
struct item {
	uint64_t offset;
	struct buffer *buffer;
	size_t length;
	int error; /* errno of the write; 0: they are there; -1: it was not tried */
};

struct store {
	struct loop *loop;
	int fd;
	uint64_t size;
	uint32_t block;
	uint64_t chunk; /* bytes: a multiple of a block */
	uint64_t room;
	uint64_t bytes;
	uint64_t losses;
	bool fills; /* the file system does: it is to grow no more */
	uint64_t look; /* when so many bytes are there, the file system is looked at */
	uint8_t *bits;
	uint32_t *ages; /* of each chunk: when a block of it was written last; 0: never */
	uint32_t age;
	char *trouble;

	/*
	 * The queue, a ring. Items are numbered on and on: handed over by us up to @put, written
	 * by the thread up to @written, dealt with by us up to @handled. There is no lock: a
	 * thread that only gets idle time could hold it for long.
	 */
	struct item items[QUEUE_ITEMS];
	atomic_size_t put;
	atomic_size_t written;
	size_t handled;
	atomic_bool ends;
	atomic_bool ended; /* the thread has nothing more to do */
	int work; /* an eventfd: something was put, or it ends */
	pthread_t thread;

	size_t queued; /* bytes that are put and not handled */
	bool running;
	atomic_bool lazy;
	bool rests;
	bool to_be_lazy; /* what @lazy becomes as soon as the thread has written what it has */
	struct watch watch; /* an eventfd: something is written */
};

/* ---- the thread that writes ---------------------------------------------------- */

static bool is_zero(const uint8_t *data, size_t length)
{
	return !data[0] && !memcmp(data, data + 1, length - 1);
}

static int write_all(int fd, const uint8_t *data, size_t length, uint64_t offset)
{
	if (is_zero(data, length)) /* as the file is already: a block is written once */
		return 0;
	while (length) {
		ssize_t written = pwrite(fd, data, length, (off_t)offset);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written ? errno : ENOSPC;
		data += written;
		offset += (size_t)written;
		length -= (size_t)written;
	}
	return 0;
}

static void *write_items(void *user)
{
	struct store *store = user;
	eventfd_t count;

	if (store->lazy) {
		struct sched_param none = { 0 };

		/* The C library of the relay has no such function. If it fails, all goes on. */
		syscall(SYS_sched_setscheduler, 0, SCHED_IDLE, &none);
	}
	for (;;) {
		bool ends = store->ends; /* before @put: nothing is put after it is set */
		size_t next = store->written;
		struct item *item = &store->items[next % QUEUE_ITEMS];

		if (next != store->put) {
			item->error = ends && store->lazy ? -1 :
							    write_all(store->fd, item->buffer->data,
								      item->length, item->offset);
			store->written = next + 1;
			eventfd_write(store->watch.fd, 1);
		} else if (ends) {
			store->ended = true;
			eventfd_write(store->watch.fd, 1);
			return NULL;
		} else {
			eventfd_read(store->work, &count);
		}
	}
}

static void thread_start(struct store *store)
{
	store->ends = store->ended = false;
	store->running = !pthread_create(&store->thread, NULL, write_items, store);
	if (!store->running && !store->trouble)
		store->trouble = text_copy("no thread could be started");
}

static void on_done(void *user, uint32_t events);

static void thread_ask_to_end(struct store *store)
{
	store->ends = true;
	eventfd_write(store->work, 1);
}

static void thread_join(struct store *store)
{
	pthread_join(store->thread, NULL);
	store->running = store->ended = false;
}

/* Another thread takes over: one that has become idle cannot come back, for it needs a right that
 * we may not have. */
static void thread_change(struct store *store)
{
	if (store->running)
		thread_join(store);
	store->lazy = store->to_be_lazy;
	thread_start(store);
}

/* ---- blocks ------------------------------------------------------------------------ */

static bool get(const struct store *store, uint64_t block)
{
	return store->bits[block / 8] >> (block % 8) & 1;
}

static uint64_t length_of(const struct store *store, uint64_t block)
{
	uint64_t rest = store->size - block * store->block;

	return rest < store->block ? rest : store->block;
}

static void set(struct store *store, uint64_t block, bool there)
{
	if (get(store, block) == there)
		return;
	store->bits[block / 8] ^= (uint8_t)(1 << (block % 8));
	if (there)
		store->bytes += length_of(store, block);
	else
		store->bytes -= length_of(store, block);
}

static uint64_t blocks(const struct store *store)
{
	return (store->size + store->block - 1) / store->block;
}

static uint64_t chunks(const struct store *store)
{
	return (store->size + store->chunk - 1) / store->chunk;
}

bool store_has(const struct store *store, uint64_t offset)
{
	return get(store, offset / store->block);
}

bool store_has_all(const struct store *store, uint64_t offset, uint64_t length)
{
	for (uint64_t at = offset; at < offset + length; at += store->block)
		if (!store_has(store, at))
			return false;
	return true;
}

/* A chunk with something in the queue stays: the thread may have written that into the file
 * already, and a hole there would be taken for it. Each item has made its chunk as old as the
 * count of items was then. */
static bool may_go(const struct store *store, uint64_t chunk)
{
	uint32_t settled = store->age - (uint32_t)(store->put - store->handled);

	return store->ages[chunk] && store->ages[chunk] <= settled;
}

static bool drop_chunk(struct store *store, uint64_t chunk)
{
	uint64_t per_chunk = store->chunk / store->block;

	if (fallocate(store->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		      (off_t)(chunk * store->chunk), (off_t)store->chunk))
		return false;
	store->ages[chunk] = 0;
	for (uint64_t i = chunk * per_chunk; i < (chunk + 1) * per_chunk && i < blocks(store); i++)
		set(store, i, false);
	return true;
}

bool store_drop_before(struct store *store, uint64_t offset)
{
	for (uint64_t i = 0; i < chunks(store) && (i + 1) * store->chunk <= offset; i++)
		if (may_go(store, i))
			return drop_chunk(store, i);
	return false;
}

/* False where there is none, or it cannot be taken away. */
static bool drop_oldest(struct store *store)
{
	uint64_t oldest = UINT64_MAX;

	for (uint64_t i = 0; i < chunks(store); i++)
		if (may_go(store, i) &&
		    (oldest == UINT64_MAX || store->ages[i] < store->ages[oldest]))
			oldest = i;
	if (oldest == UINT64_MAX || !drop_chunk(store, oldest))
		return false;
	store->losses++;
	return true;
}

static void give_up(struct store *store, const char *what, int error)
{
	if (!store->trouble)
		store->trouble = text_format("%s%s%s", what, error ? ": " : "",
					     error ? strerror(error) : "");
}

/* Others fill the file system, too. */
static void look_at_room(struct store *store)
{
	struct statvfs vfs;

	if (store->bytes < store->look)
		return;
	store->look = store->bytes + LOOK_BYTES;
	while (!fstatvfs(store->fd, &vfs) && vfs.f_bavail < vfs.f_blocks / STORE_RESERVE) {
		if (!drop_oldest(store)) {
			give_up(store, "its file system is filling up", 0);
			return;
		}
		store->fills = true;
		store->room = store->bytes + store->queued;
	}
}

static void on_done(void *user, uint32_t events)
{
	struct store *store = user;
	size_t written = store->written;
	eventfd_t count;

	(void)events;
	eventfd_read(store->watch.fd, &count);
	for (; store->handled != written; store->handled++) {
		struct item *item = &store->items[store->handled % QUEUE_ITEMS];

		if (item->error > 0)
			give_up(store, "writing to it failed", item->error);
		for (uint64_t at = item->offset; !item->error && at < item->offset + item->length;
		     at += store->block)
			set(store, at / store->block, true);
		store->queued -= item->length;
		buffer_drop(item->buffer);
	}
	look_at_room(store);
	if (store->ended)
		thread_change(store);
}

bool store_read(struct store *store, uint64_t offset, void *to, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t got = pread(store->fd, (char *)to + done, length - done,
				    (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		done += (size_t)got;
	}
	for (uint64_t at = offset; done < length && at < offset + length; at += store->block)
		set(store, at / store->block, false);
	store->losses += done < length;
	return done == length;
}

bool store_is_ready(const struct store *store, uint64_t due)
{
	return store->lazy || store->rests || store->ends || store->trouble ||
	       store->queued + due <= QUEUE_BYTES;
}

bool store_takes(const struct store *store, uint64_t due)
{
	return !store->trouble && !store->rests && !store->ends &&
	       store->queued + due <= QUEUE_BYTES / 2 &&
	       store->put - store->handled < QUEUE_ITEMS / 2;
}

bool store_fits(const struct store *store, uint64_t length)
{
	return store->bytes + store->queued + length <= store->room;
}

size_t store_count(const struct store *store)
{
	return store->put;
}

bool store_is_done(const struct store *store, size_t count)
{
	return store->handled >= count;
}

bool store_is_settled(const struct store *store)
{
	return !store->queued;
}

uint64_t store_losses(const struct store *store)
{
	return store->losses;
}

void store_grow(struct store *store, uint64_t room)
{
	if (room > store->room && !store->fills)
		store->room = room;
}

bool store_keep(struct store *store, uint64_t offset, struct buffer *buffer, size_t length,
		bool polite)
{
	if (store->trouble || store->rests || store->ends || store->queued >= QUEUE_BYTES ||
	    store->put - store->handled == QUEUE_ITEMS)
		return false;
	while (!store_fits(store, length))
		if (polite || !drop_oldest(store))
			return false;
	store->items[store->put % QUEUE_ITEMS] = (struct item){ offset, buffer_hold(buffer), length,
								0 };
	store->queued += length;
	store->ages[offset / store->chunk] = ++store->age;
	store->ages[(offset + length - 1) / store->chunk] = store->age;
	store->put++;
	eventfd_write(store->work, 1);
	return true;
}

void store_be_lazy(struct store *store, bool lazy)
{
	if (store->to_be_lazy == lazy)
		return;
	store->to_be_lazy = lazy;
	if (!store->running)
		thread_change(store);
	else if (!store->ends)
		thread_ask_to_end(store);
}

void store_rest(struct store *store, bool rest)
{
	store->rests = rest;
}

uint64_t store_bytes(const struct store *store)
{
	return store->bytes;
}

const char *store_trouble(const struct store *store)
{
	return store->trouble;
}

/* ---- its file ------------------------------------------------------------------------ */

static int open_nameless(const char *directory)
{
	int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char path[PATH_MAX];

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
		return fd;
	/* NFS, for example, has no such files. */
	if (snprintf(path, sizeof(path), "%s/.p2v-relay-XXXXXX", directory) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

/* Whether a file of @size bytes is free of blocks before anything is written. */
static bool is_sparse(int fd, uint64_t size)
{
	struct stat status;

	return !fstat(fd, &status) && (uint64_t)status.st_blocks * 512 <= size / 2;
}

uint64_t store_room(const char *directory, const char *output, uint64_t size)
{
	struct statvfs vfs;
	struct stat own, other;
	uint64_t room, reserve;

	if (statvfs(directory, &vfs) || stat(directory, &own))
		return 0;
	room = (uint64_t)vfs.f_bavail * vfs.f_frsize;
	reserve = (uint64_t)vfs.f_blocks * vfs.f_frsize / STORE_RESERVE;
	if (output && !stat(output, &other) && other.st_dev == own.st_dev)
		reserve += size;
	return room > reserve ? room - reserve : 0;
}

struct store *store_new(struct loop *loop, const char *directory, uint64_t size, uint32_t block,
			uint64_t room, char **reason)
{
	AUTO_CLOSE int fd = open_nameless(directory);
	const char *what = NULL;
	struct store *store;

	if (fd < 0 || ftruncate(fd, (off_t)size))
		what = strerror(errno);
	else if (!is_sparse(fd, size))
		what = "its file system has no sparse files";
	if (what) {
		*reason = text_format("cannot make a store in '%s': %s", directory, what);
		return NULL;
	}
	store = memory_zero(1, sizeof(*store));
	*store = (struct store){ .loop = loop, .size = size, .block = block, .room = room };
	store->chunk = CHUNK;
	while (store->chunk < block || size / store->chunk >= CHUNKS)
		store->chunk *= 2;
	store->fd = fd;
	fd = -1;
	store->look = LOOK_BYTES;
	store->bits = memory_zero(blocks(store) / 8 + 1, 1);
	store->ages = memory_zero(chunks(store) + 1, sizeof(*store->ages));
	store->work = eventfd(0, EFD_CLOEXEC);
	store->watch = (struct watch){ eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), EPOLLIN, on_done,
				       store };
	loop_add(loop, &store->watch);
	thread_start(store);
	return store;
}

void store_free(struct store *store)
{
	if (!store)
		return;
	store->lazy = true; /* what is not written yet need not be */
	if (store->running) {
		thread_ask_to_end(store);
		thread_join(store);
		on_done(store, 0);
	}
	loop_remove(store->loop, &store->watch);
	close(store->watch.fd);
	close(store->work);
	close(store->fd);
	free(store->bits);
	free(store->ages);
	free(store->trouble);
	free(store);
}
