// SPDX-License-Identifier: GPL-2.0-or-later
/* How libext2fs reads a piece of a disk. There is no function that writes. */
#include "blocks/ext.h"

#include "base/memory.h"

#include <limits.h>
#include <string.h>

/* The library hands a name to open(), and nothing else. */
static const struct inspection *opened;

static struct struct_io_manager manager;

static errcode_t io_open(const char *name, int flags, io_channel *result)
{
	io_channel channel = memory_zero(1, sizeof(*channel));

	(void)flags;
	channel->magic = EXT2_ET_MAGIC_IO_CHANNEL;
	channel->manager = &manager;
	channel->name = strdup(name);
	channel->block_size = 1024;
	channel->refcount = 1;
	channel->private_data = (void *)opened;
	*result = channel;
	return 0;
}

static errcode_t io_close(io_channel channel)
{
	if (--channel->refcount > 0)
		return 0;
	free(channel->name);
	free(channel);
	return 0;
}

static errcode_t set_block_size(io_channel channel, int size)
{
	channel->block_size = size;
	return 0;
}

/* A negative @count is one of bytes. */
static errcode_t read_blocks(io_channel channel, unsigned long long block, int count, void *data)
{
	const struct inspection *inspection = channel->private_data;
	uint64_t size = (uint64_t)channel->block_size;
	size_t length = count < 0 ? (size_t)-(int64_t)count : (size_t)count * size;

	if (block > UINT64_MAX / size ||
	    !piece_read(inspection->piece, inspection->disk, block * size, data, length))
		return EXT2_ET_SHORT_READ;
	return 0;
}

static errcode_t read_block(io_channel channel, unsigned long block, int count, void *data)
{
	return read_blocks(channel, block, count, data);
}

static errcode_t no_write(io_channel channel, unsigned long block, int count, const void *data)
{
	(void)channel, (void)block, (void)count, (void)data;
	return EXT2_ET_RO_FILSYS;
}

static errcode_t no_write_64(io_channel channel, unsigned long long block, int count,
			     const void *data)
{
	(void)channel, (void)block, (void)count, (void)data;
	return EXT2_ET_RO_FILSYS;
}

static errcode_t flush(io_channel channel)
{
	(void)channel;
	return 0;
}

static struct struct_io_manager manager = {
	.magic = EXT2_ET_MAGIC_IO_MANAGER,
	.name = "a piece of a disk",
	.open = io_open,
	.close = io_close,
	.set_blksize = set_block_size,
	.read_blk = read_block,
	.read_blk64 = read_blocks,
	.write_blk = no_write,
	.write_blk64 = no_write_64,
	.flush = flush,
};

errcode_t ext_open(const struct inspection *inspection, ext2_filsys *fs)
{
	opened = inspection;
	return ext2fs_open2("piece", NULL, EXT2_FLAG_64BITS, 0, 0, &manager, fs);
}
