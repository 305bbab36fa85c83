// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What FAT uses: its tables, and the clusters that are not free in them. Both copies of the table
 * are read, and have to agree. All numbers are little-endian.
 */
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "blocks/kinds.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define AT_ONCE 65536 /* bytes of a table */
#define STEP (AT_ONCE / 12 * 12) /* of these: whole pairs of 12 bits, and whole entries of 32 */

struct fat {
	struct inspection *inspection;
	unsigned bits; /* of an entry: 12, 16, 32 */
	uint64_t sector, cluster; /* bytes */
	uint64_t table, table_size, tables; /* where the first table begins, in bytes; how many */
	uint64_t data, end; /* where clusters begin and end, in bytes */
	uint64_t clusters;
	uint64_t free;
	uint64_t info; /* where the number of free clusters is kept, in bytes; 0: nowhere */
	uint64_t begin, told; /* the range that is used and not yet told */
};

static bool is_power_of_two(uint64_t number)
{
	return number && !(number & (number - 1));
}

static int read_boot(struct fat *fat, char **reason)
{
	const struct piece *piece = fat->inspection->piece;
	uint64_t reserved, root, sectors, table, info;
	uint8_t boot[512];

	if (!piece_read(piece, fat->inspection->disk, 0, boot, sizeof(boot)))
		return REFUSE(reason, EIO, "it cannot be read");
	fat->sector = bytes_little_endian(boot + 11, 2);
	fat->cluster = boot[13] * fat->sector;
	reserved = bytes_little_endian(boot + 14, 2);
	fat->tables = boot[16];
	root = bytes_little_endian(boot + 17, 2) * 32;
	sectors = bytes_little_endian(boot + 19, 2) ?: bytes_little_endian(boot + 32, 4);
	table = bytes_little_endian(boot + 22, 2) ?: bytes_little_endian(boot + 36, 4);
	if (!is_power_of_two(fat->sector) || fat->sector < 512 || fat->sector > 4096 ||
	    !is_power_of_two(fat->cluster) || fat->cluster > 256 * 1024 || !reserved ||
	    fat->tables < 1 || fat->tables > 2 || !table || sectors > piece->size / fat->sector)
		return REFUSE(reason, EUCLEAN, "its boot sector makes no sense");
	fat->table = reserved * fat->sector;
	fat->table_size = table * fat->sector;
	fat->data = fat->table + fat->tables * fat->table_size +
		    (root + fat->sector - 1) / fat->sector * fat->sector;
	if (fat->data >= sectors * fat->sector)
		return REFUSE(reason, EUCLEAN, "its tables do not fit into it");
	fat->clusters = (sectors * fat->sector - fat->data) / fat->cluster;
	fat->end = fat->data + fat->clusters * fat->cluster;
	fat->bits = fat->clusters < 4085 ? 12 : fat->clusters < 65525 ? 16 : 32;
	if ((fat->bits == 32) != !bytes_little_endian(boot + 22, 2) || (fat->bits == 32 && root) ||
	    (fat->clusters + 2) * fat->bits > fat->table_size * 8)
		return REFUSE(reason, EUCLEAN, "its table and its size do not agree");
	if (boot[fat->bits == 32 ? 65 : 37] & 3)
		return REFUSE(reason, EUCLEAN, "it was not unmounted, or has errors");
	info = fat->bits == 32 ? bytes_little_endian(boot + 48, 2) : 0;
	fat->info = info && info < reserved ? info * fat->sector : 0;
	/* Bit 7: only one of the tables is kept. */
	if (fat->bits == 32 && bytes_little_endian(boot + 40, 2) & 0x80)
		return REFUSE(reason, ENOTSUP, "it keeps only one of its tables");
	return 0;
}

static uint64_t entry(const struct fat *fat, const uint8_t *table, uint64_t index)
{
	uint64_t pair;

	if (fat->bits != 12)
		return bytes_little_endian(table + index * fat->bits / 8, fat->bits / 8) &
		       (fat->bits == 32 ? 0x0fffffff : 0xffff);
	pair = bytes_little_endian(table + index / 2 * 3, 3);
	return index % 2 ? pair >> 12 : pair & 0xfff;
}

/* Windows and Linux clear these bits while it is mounted, and after errors. */
static bool is_clean(const struct fat *fat, const uint8_t *table)
{
	uint64_t second = entry(fat, table, 1);

	return fat->bits == 12 || (fat->bits == 16 ? (second & 0xc000) == 0xc000 :
						     (second & 0x0c000000) == 0x0c000000);
}

static void use(struct fat *fat, uint64_t from, uint64_t to)
{
	if (from != fat->told) {
		inspection_used(fat->inspection, fat->begin, fat->told - fat->begin);
		fat->begin = from;
	}
	fat->told = to;
}

/* Entries from @first on. */
static void read_entries(struct fat *fat, const uint8_t *table, uint64_t first, uint64_t count)
{
	for (uint64_t i = 0; i < count && first + i < fat->clusters + 2; i++) {
		uint64_t at;

		if (first + i < 2)
			continue;
		if (!entry(fat, table, i)) {
			fat->free++;
			continue;
		}
		at = fat->data + (first + i - 2) * fat->cluster;
		use(fat, at, at + fat->cluster);
	}
}

static int read_tables(struct fat *fat, char **reason)
{
	const struct inspection *inspection = fat->inspection;
	AUTO_FREE uint8_t *one = memory_zero(1, AT_ONCE), *other = memory_zero(1, AT_ONCE);

	for (uint64_t at = 0; at < fat->table_size; at += STEP) {
		uint64_t length = fat->table_size - at < STEP ? fat->table_size - at : STEP;

		if (!piece_read(inspection->piece, inspection->disk, fat->table + at, one,
				length) ||
		    (fat->tables == 2 &&
		     !piece_read(inspection->piece, inspection->disk,
				 fat->table + fat->table_size + at, other, length)))
			return REFUSE(reason, EIO, "its table cannot be read");
		if (fat->tables == 2 && memcmp(one, other, length) != 0)
			return REFUSE(reason, EUCLEAN, "its two tables differ");
		if (!at && !is_clean(fat, one))
			return REFUSE(reason, EUCLEAN, "it was not unmounted, or has errors");
		read_entries(fat, one, at * 8 / fat->bits, length * 8 / fat->bits);
	}
	return 0;
}

/* FAT32 may say how many clusters are free. */
static int check_free(const struct fat *fat, char **reason)
{
	const struct inspection *inspection = fat->inspection;
	uint8_t info[512];
	uint64_t free;

	if (!fat->info)
		return 0;
	if (!piece_read(inspection->piece, inspection->disk, fat->info, info, sizeof(info)))
		return REFUSE(reason, EIO, "it cannot be read");
	free = bytes_little_endian(info + 488, 4);
	if (memcmp(info, "RRaA", 4) != 0 || memcmp(info + 484, "rrAa", 4) != 0 ||
	    free == UINT32_MAX)
		return 0;
	if (free != fat->free)
		return REFUSE(reason, EUCLEAN,
			      "its table has %" PRIu64 " free clusters, but it says %" PRIu64,
			      fat->free, free);
	return 0;
}

int fat_inspect(struct inspection *inspection, char **reason)
{
	struct fat fat = { .inspection = inspection };
	int r = read_boot(&fat, reason);

	if (r < 0)
		return r;
	fat.told = fat.data;
	r = read_tables(&fat, reason);
	if (r == 0)
		r = check_free(&fat, reason);
	if (r < 0)
		return r;
	use(&fat, fat.end, inspection->piece->size);
	inspection_used(inspection, fat.begin, fat.told - fat.begin);
	return 0;
}
