/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The store: what has come of a disk, in a file without a name, so that it is gone with the
 * process, whatever ends it. The file has the disk's size and is sparse; a bitmap in memory
 * says which blocks it has. A thread of its own writes, so that a slow disk of the server holds
 * up no read. Where the room ends, the oldest gives way.
 */
#ifndef P2VD_STORE_H
#define P2VD_STORE_H

#include "relay/buffer.h"
#include "relay/loop.h"

#include <stdbool.h>

/* Room that a file system keeps whatever is stored: a tenth of it. */
#define STORE_RESERVE 10

struct store;

/* Bytes that may be stored in @directory, where @output (NULL: unknown) will take @size
 * bytes: all that is free but the reserve and, if both are one file system, @size. */
uint64_t store_room(const char *directory, const char *output, uint64_t size);

/* A store of a disk of @size bytes in blocks of @block bytes, which holds @room bytes at most.
 * Returns NULL with a sentence in @reason that the caller frees. */
struct store *store_new(struct loop *loop, const char *directory, uint64_t size, uint32_t block,
			uint64_t room, char **reason);
void store_free(struct store *store);

/* Whether the block that has @offset is there. */
bool store_has(const struct store *store, uint64_t offset);

/* Whether all blocks of a range are. */
bool store_has_all(const struct store *store, uint64_t offset, uint64_t length);

/* Reads blocks that are there. False if that failed: then they are there no more. */
bool store_read(struct store *store, uint64_t offset, void *to, size_t length);

/* Whether @due bytes that are on their way can be handed over, too, without waiting for the
 * disk. */
bool store_is_ready(const struct store *store, uint64_t due);

/* Hands over whole blocks, @length bytes from the beginning of @buffer. They are there a little
 * later. False if they cannot be taken now, and are dropped. Where the room ends, the oldest gives
 * way, unless @polite. */
bool store_keep(struct store *store, uint64_t offset, struct buffer *buffer, size_t length,
		bool polite);

/* Whether it takes @due bytes, and leaves half of what it can take at once to others. */
bool store_takes(const struct store *store, uint64_t due);

/* Whether there is room for @length bytes more before something has to give way. */
bool store_fits(const struct store *store, uint64_t length);

/* How often something was handed over so far. */
size_t store_count(const struct store *store);

/* Whether the store is done with what was handed over when that made store_count() @count: it is
 * there, or was lost. Until then it takes memory anyhow. */
bool store_is_done(const struct store *store, size_t count);

/* Whether all that it has taken is there. */
bool store_is_settled(const struct store *store);

/* Gives up the first of what lies before @offset. False if that has nothing. */
bool store_drop_before(struct store *store, uint64_t offset);

/* How often something was lost that nobody gave up. */
uint64_t store_losses(const struct store *store);

/* It may hold @room bytes from now on, if that is more than before. */
void store_grow(struct store *store, uint64_t room);

/* From now on only time that nobody else wants is used for writing, and what comes faster is
 * dropped: for data that probably nobody asks for again. @lazy false: the contrary. What it has
 * taken before is written as before; meanwhile nothing is taken. */
void store_be_lazy(struct store *store, bool lazy);

/* Takes nothing for now, or takes what comes again. */
void store_rest(struct store *store, bool rest);

/* Bytes that are there. */
uint64_t store_bytes(const struct store *store);

/* Why nothing is stored any more, or NULL. Belongs to @store. */
const char *store_trouble(const struct store *store);

#endif
