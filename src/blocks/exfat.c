// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What exFAT uses: what lies before its clusters, and those that its bitmap names. The bitmap is a
 * file that the root directory points to. All numbers are little-endian; the format is Microsoft's
 * "exFAT file system specification".
 */
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "blocks/kinds.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define LARGEST_CLUSTER (32 << 20)
#define FIRST 2 /* the number of the first cluster */
#define ENTRY 32 /* bytes in a directory */
#define MOST_DIRECTORY 4096 /* clusters of the root directory that are looked through */

struct exfat {
	struct inspection *inspection;
	uint64_t cluster; /* bytes */
	uint64_t table, heap, end; /* where the table and the clusters begin, and the end; bytes */
	uint64_t clusters, root;
	unsigned percent; /* in use; 255: not known */
	uint64_t bitmap, bitmap_size; /* its first cluster; bytes */
	uint64_t used;
	uint64_t begin, told; /* the range that is used and not yet told */
	uint8_t *buffer; /* a cluster */
};

static bool read_at(const struct exfat *exfat, uint64_t offset, void *buffer, size_t length)
{
	return piece_read(exfat->inspection->piece, exfat->inspection->disk, offset, buffer,
			  length);
}

static int read_boot(struct exfat *exfat, char **reason)
{
	uint64_t sector, sectors, heap, table, table_size;
	uint8_t boot[512];

	if (!read_at(exfat, 0, boot, sizeof(boot)))
		return REFUSE(reason, EIO, "it cannot be read");
	if (boot[108] < 9 || boot[108] > 12 || boot[109] > 25 - boot[108] || boot[110] != 1 ||
	    boot[105] != 1 || boot[104] != 0)
		return REFUSE(reason, ENOTSUP,
			      "it is of a version or form that p2vd does not know");
	sector = (uint64_t)1 << boot[108];
	exfat->cluster = sector << boot[109];
	sectors = bytes_little_endian(boot + 72, 8);
	table = bytes_little_endian(boot + 80, 4);
	table_size = bytes_little_endian(boot + 84, 4);
	heap = bytes_little_endian(boot + 88, 4);
	exfat->clusters = bytes_little_endian(boot + 92, 4);
	exfat->root = bytes_little_endian(boot + 96, 4);
	exfat->percent = boot[112];
	if (boot[106] & 6)
		return REFUSE(reason, EUCLEAN, "it was not unmounted, or has errors");
	if (sectors > exfat->inspection->piece->size / sector || heap > sectors ||
	    exfat->clusters > ((sectors - heap) * sector) / exfat->cluster ||
	    table + table_size > heap || (exfat->clusters + FIRST) * 4 > table_size * sector)
		return REFUSE(reason, EUCLEAN, "its boot sector makes no sense");
	exfat->table = table * sector;
	exfat->heap = heap * sector;
	exfat->end = exfat->heap + exfat->clusters * exfat->cluster;
	return 0;
}

static bool is_cluster(const struct exfat *exfat, uint64_t number)
{
	return number >= FIRST && number < exfat->clusters + FIRST;
}

static bool read_cluster(const struct exfat *exfat, uint64_t number)
{
	return is_cluster(exfat, number) &&
	       read_at(exfat, exfat->heap + (number - FIRST) * exfat->cluster, exfat->buffer,
		       exfat->cluster);
}

/* The one that follows in a file; 0: none does, or it cannot be read. */
static uint64_t next_of(const struct exfat *exfat, uint64_t number)
{
	uint8_t bytes[4];

	if (!read_at(exfat, exfat->table + number * 4, bytes, sizeof(bytes)))
		return 0;
	number = bytes_little_endian(bytes, sizeof(bytes));
	return is_cluster(exfat, number) ? number : 0;
}

static int find_bitmap(struct exfat *exfat, char **reason)
{
	enum { BITMAP = 0x81, FLAGS = 1, CLUSTER = 20, LENGTH = 24 };
	uint64_t number = exfat->root;

	for (int i = 0; i < MOST_DIRECTORY && number; i++, number = next_of(exfat, number)) {
		if (!read_cluster(exfat, number))
			break;
		for (uint64_t at = 0; at < exfat->cluster; at += ENTRY) {
			const uint8_t *entry = exfat->buffer + at;

			if (entry[0] != BITMAP || entry[FLAGS] & 1)
				continue;
			exfat->bitmap = bytes_little_endian(entry + CLUSTER, 4);
			exfat->bitmap_size = bytes_little_endian(entry + LENGTH, 8);
			if (exfat->bitmap_size != (exfat->clusters + 7) / 8)
				return REFUSE(reason, EUCLEAN,
					      "its bitmap is not as long as it should be");
			return 0;
		}
	}
	return REFUSE(reason, EUCLEAN, "it has no bitmap, or its root directory cannot be read");
}

static void use(struct exfat *exfat, uint64_t from, uint64_t to)
{
	if (from != exfat->told) {
		inspection_used(exfat->inspection, exfat->begin, exfat->told - exfat->begin);
		exfat->begin = from;
	}
	exfat->told = to;
}

static int read_bitmap(struct exfat *exfat, char **reason)
{
	uint64_t number = exfat->bitmap, bits = exfat->cluster * 8;

	for (uint64_t first = 0; first < exfat->clusters; first += bits) {
		if (!number || !read_cluster(exfat, number))
			return REFUSE(reason, EUCLEAN, "its bitmap cannot be read");
		for (uint64_t i = 0; i < bits && first + i < exfat->clusters; i++) {
			uint64_t at = exfat->heap + (first + i) * exfat->cluster;

			if (!(exfat->buffer[i / 8] & 1U << i % 8))
				continue;
			exfat->used++;
			use(exfat, at, at + exfat->cluster);
		}
		number = next_of(exfat, number);
	}
	return 0;
}

static int inspect(struct exfat *exfat, char **reason)
{
	int r = read_boot(exfat, reason);

	if (r < 0)
		return r;
	exfat->buffer = memory_zero(1, exfat->cluster);
	exfat->told = exfat->heap;
	r = find_bitmap(exfat, reason);
	if (r == 0)
		r = read_bitmap(exfat, reason);
	if (r < 0)
		return r;
	if (exfat->percent <= 100 && exfat->used * 100 / exfat->clusters != exfat->percent)
		return REFUSE(reason, EUCLEAN,
			      "its bitmap has %" PRIu64 " percent in use, but it says %u",
			      exfat->used * 100 / exfat->clusters, exfat->percent);
	use(exfat, exfat->end, exfat->inspection->piece->size);
	inspection_used(exfat->inspection, exfat->begin, exfat->told - exfat->begin);
	return 0;
}

int exfat_inspect(struct inspection *inspection, char **reason)
{
	struct exfat exfat = { .inspection = inspection };
	int r = inspect(&exfat, reason);

	free(exfat.buffer);
	return r;
}
