// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What Btrfs uses: the chunks that are allocated on this device, as the btrfs program lists them,
 * and the places of super blocks. Within a chunk, all is used.
 */
#include "base/bytes.h"
#include "base/text.h"
#include "blocks/kinds.h"
#include "blocks/tool.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define KIB ((uint64_t)1024)
#define RESERVED (1024 * KIB) /* bytes at the beginning that Btrfs leaves to boot loaders */
#define SUPER_ROOM (64 * KIB)

/* Those of which we know that they do not change what a chunk is. */
#define KNOWN_READ_ONLY ((uint64_t)0x0f)
#define KNOWN_INCOMPATIBLE ((uint64_t)0x10fff)

static const uint64_t supers[] = { 64 * KIB, 64 * KIB *KIB, 256 * KIB *KIB *KIB };

struct btrfs {
	struct inspection *inspection;
	uint64_t device; /* its number among the file system's */
	uint64_t size, allocated; /* as it says */
	uint64_t found; /* bytes in chunks */
	uint64_t end;   /* of the last range that was told */
	size_t super;   /* the first place in the list that was not told yet */
};

/* The super block, little-endian. */
static int read_super(struct btrfs *btrfs, char **reason)
{
	const struct inspection *inspection = btrfs->inspection;
	enum { MAGIC = 64, READ_ONLY = 180, INCOMPATIBLE = 188, DEVICE = 201 };
	uint8_t super[512];
	uint64_t unknown[2];

	if (!piece_read(inspection->piece, inspection->disk, supers[0], super, sizeof(super)) ||
	    memcmp(super + MAGIC, "_BHRfS_M", 8) != 0)
		return REFUSE(reason, EUCLEAN, "its super block cannot be read");
	unknown[0] = bytes_little_endian(super + READ_ONLY, 8) & ~KNOWN_READ_ONLY;
	unknown[1] = bytes_little_endian(super + INCOMPATIBLE, 8) & ~KNOWN_INCOMPATIBLE;
	if (unknown[0] || unknown[1])
		return REFUSE(reason, ENOTSUP,
			      "it has features that p2vd does not know (%#" PRIx64 " %#" PRIx64 ")",
			      unknown[0], unknown[1]);
	btrfs->device = bytes_little_endian(super + DEVICE, 8);
	btrfs->size = bytes_little_endian(super + DEVICE + 8, 8);
	btrfs->allocated = bytes_little_endian(super + DEVICE + 16, 8);
	if (btrfs->size > inspection->piece->size)
		return REFUSE(reason, EUCLEAN,
			      "it is larger than the partition or volume that it is in");
	return 0;
}

static void tell(struct btrfs *btrfs, uint64_t from, uint64_t to)
{
	if (from < btrfs->end)
		from = btrfs->end;
	if (to <= from)
		return;
	inspection_used(btrfs->inspection, from, to - from);
	btrfs->end = to;
}

/* And super blocks that lie before it. */
static void tell_chunk(struct btrfs *btrfs, uint64_t from, uint64_t to)
{
	for (; btrfs->super < sizeof(supers) / sizeof(*supers) && supers[btrfs->super] <= from;
	     btrfs->super++) {
		uint64_t end = supers[btrfs->super] + SUPER_ROOM;

		if (supers[btrfs->super] < btrfs->size)
			tell(btrfs, supers[btrfs->super], end < btrfs->size ? end : btrfs->size);
	}
	tell(btrfs, from, to);
}

/* "item 1 key (1 DEV_EXTENT 22020096) itemoff 16195 itemsize 48", and two lines later
 * "chunk_objectid 256 chunk_offset 22020096 length 8388608". */
static int read_chunks(struct btrfs *btrfs, struct tool *tool, char **reason)
{
	uint64_t device, start = 0, next = 0, length;
	bool open = false;

	while (tool_line(tool)) {
		char *key = strstr(tool->line, " key ("), *chunk;

		if (key && strstr(key, " DEV_EXTENT ")) {
			if (open || sscanf(key, " key (%" SCNu64 " DEV_EXTENT %" SCNu64 ")",
					   &device, &start) != 2)
				return tool_nonsense(tool, reason);
			open = true;
			continue;
		}
		chunk = strstr(tool->line, " chunk_offset ");
		if (!chunk)
			continue;
		if (!open || sscanf(chunk, " chunk_offset %*u length %" SCNu64, &length) != 1)
			return tool_nonsense(tool, reason);
		open = false;
		if (device != btrfs->device)
			continue;
		if (start < next || start > btrfs->size || length > btrfs->size - start)
			return tool_nonsense(tool, reason);
		next = start + length;
		btrfs->found += length;
		tell_chunk(btrfs, start, next);
	}
	return open ? tool_nonsense(tool, reason) : 0;
}

int btrfs_inspect(struct inspection *inspection, char **reason)
{
	struct btrfs btrfs = { .inspection = inspection };
	char device[TOOL_DEVICE];
	const char *argv[] = { "btrfs", "inspect-internal", "dump-tree", "-t", "dev", device, NULL };
	/* Of the copies on two devices, one is enough to read. */
	const char *const forgiven[] = { "warning, device ", NULL };
	struct tool tool;
	int r = read_super(&btrfs, reason);

	if (r == 0)
		r = tool_device(inspection, device, reason);
	if (r == 0)
		r = tool_start(&tool, argv, reason);
	if (r < 0)
		return r;
	tell(&btrfs, 0, RESERVED);
	r = read_chunks(&btrfs, &tool, reason);
	if (r < 0)
		return r;
	r = tool_end(&tool, forgiven, reason);
	if (r < 0)
		return r;
	if (btrfs.found != btrfs.allocated)
		return REFUSE(reason, EUCLEAN,
			      "its chunks have %" PRIu64 " bytes, but it says %" PRIu64,
			      btrfs.found, btrfs.allocated);
	tell_chunk(&btrfs, btrfs.size, inspection->piece->size);
	return 0;
}
