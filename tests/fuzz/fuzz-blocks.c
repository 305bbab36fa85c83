// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as the beginning of a piece of a disk, for what p2v-map reads by itself: FAT, exFAT,
 * LVM, MD. The first byte says as which. What libraries and programs read is looked into by a
 * process that may crash.
 */
#include "base/memory.h"
#include "base/text.h"
#include "blocks/kinds.h"
#include "run-files.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define SIZE (8 << 20) /* bytes that can be read; zeros behind the input */
#define PIECE ((uint64_t)1 << 40)

static void inspect(struct inspection *inspection, inspect_function *function)
{
	char *reason = NULL;
	int r = function(inspection, &reason);

	if ((r < 0) != !!reason)
		abort();
	free(reason);
}

static void expand(const struct piece *piece, int disk, expand_function *function)
{
	struct pieces pieces = { 0 };
	struct extents extents;
	char *reason = NULL;
	int r;

	extents_start(&extents, piece->size);
	r = function(piece, disk, &pieces, &extents, &reason);
	if ((r < 0) != !!reason)
		abort();
	for (size_t i = 0; r == 0 && i < pieces.count; i++) {
		const struct piece *inside = pieces.piece + i;

		piece_used(inside, &extents, 0, inside->size);
		extents_sort(&extents);
		if (piece_within(inside, &extents) < inside->size)
			abort();
	}
	extents_clear(&extents);
	pieces_clear(&pieces);
	free(reason);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pieces pieces = { 0 };
	struct piece *piece = pieces_add(&pieces, text_copy("piece"), PIECE);
	struct inspection inspection = { .piece = piece, .broker = -1 };

	if (size < 1 || size > SIZE)
		goto out;
	inspection.disk = memfd_create("disk", MFD_CLOEXEC);
	inspection.out = fopen("/dev/null", "w");
	piece_add(piece, PIECE, 0, &(uint64_t){ 0 }, 1);
	if (!inspection.out || write(inspection.disk, data + 1, size - 1) != (ssize_t)size - 1 ||
	    ftruncate(inspection.disk, SIZE) < 0)
		abort();
	if (data[0] % 4 == 0)
		inspect(&inspection, fat_inspect);
	else if (data[0] % 4 == 1)
		inspect(&inspection, exfat_inspect);
	else
		expand(piece, inspection.disk, data[0] % 4 == 2 ? lvm_expand : md_expand);
	fclose(inspection.out);
	close(inspection.disk);
out:
	pieces_clear(&pieces);
	return 0;
}
