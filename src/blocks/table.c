// SPDX-License-Identifier: GPL-2.0-or-later
/* A disk's partition table, as libblkid reads it. */
#include "blocks/table.h"

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <blkid/blkid.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR 512 /* of libblkid's numbers, whatever the disk's own has */

static void wholly(struct table *table, const char *reason)
{
	if (!table->reason)
		table->reason = text_copy(reason);
}

/* The first header, one of the disk's own sectors from the beginning, names the place of the other
 * one. libblkid takes the other one where the first is damaged: that is a doubt. */
static void read_gpt(struct table *table, int disk, unsigned sector)
{
	uint8_t header[96];

	if (pread(disk, header, sizeof(header), sector) != sizeof(header) ||
	    memcmp(header, "EFI PART", 8) != 0) {
		wholly(table, "its primary GPT is damaged");
		return;
	}
	table->backup = bytes_little_endian(header + 32, 8) * sector;
}

static bool is_extended(uint8_t type)
{
	return type == 0x05 || type == 0x0f || type == 0x85;
}

/* Each logical partition has a table of its own, an MBR without code: one entry is the partition,
 * one is the place of the next table, from the beginning of the extended partition on. They are
 * usually, but need not be, just before their partitions. Counts the partitions in @partitions;
 * false: these tables cannot be followed. */
static bool follow_links(struct table *table, int disk, unsigned sector, unsigned *partitions)
{
	enum { ENTRIES = 446, ENTRY = 16, MARK = 510 };
	uint64_t at = table->extended, next;

	*partitions = 0;
	for (; table->link_count < TABLE_LINKS_MOST; at = next) {
		uint8_t mbr[512];

		if (pread(disk, mbr, sizeof(mbr), (off_t)at) != sizeof(mbr) || mbr[MARK] != 0x55 ||
		    mbr[MARK + 1] != 0xaa)
			return false;
		table->links[table->link_count++] = at;
		next = 0;
		for (const uint8_t *entry = mbr + ENTRIES; entry < mbr + MARK; entry += ENTRY) {
			uint64_t start = bytes_little_endian(entry + 8, 4) * sector;

			if (!bytes_little_endian(entry + 12, 4))
				continue;
			if (!is_extended(entry[4]))
				++*partitions;
			else if (!next)
				next = table->extended + start;
		}
		if (!next)
			return true;
		if (next <= table->extended || next >= table->extended_end)
			return false;
	}
	return false; /* so many, or a circle */
}

/* A partition of Windows' dynamic disks: volumes lie in it as it likes, over several disks, too. */
static bool is_dynamic(blkid_partition partition, bool gpt)
{
	static const char *const types[] = {
		"5808c8aa-7e8f-42e0-85d2-e1e90434cfb3", /* their database */
		"af9b60a0-1431-4f62-bc68-3311714a69ad", /* their data */
	};
	const char *type = blkid_partition_get_type_string(partition);

	if (!gpt)
		return blkid_partition_get_type(partition) == 0x42;
	for (size_t i = 0; type && i < COUNT(types); i++)
		if (!strcasecmp(type, types[i]))
			return true;
	return false;
}

static void add_partition(struct table *table, blkid_partition partition, uint64_t size)
{
	uint64_t start = (uint64_t)blkid_partition_get_start(partition);
	uint64_t sectors = (uint64_t)blkid_partition_get_size(partition);
	struct piece *piece;

	if (!sectors || start >= size / SECTOR)
		return;
	piece = pieces_add(&table->partitions,
			   text_format("partition %d", blkid_partition_get_partno(partition)), 0);
	if (sectors > size / SECTOR - start) {
		piece_wholly(piece, "it ends beyond the end of the disk");
		sectors = size / SECTOR - start;
	}
	if (is_dynamic(partition, !strcmp(table->type, "gpt")))
		piece_wholly(piece, "it belongs to a dynamic disk of Windows");
	piece->size = sectors * SECTOR;
	piece_add(piece, piece->size, 0, &(uint64_t){ start * SECTOR }, 1);
}

static int compare(const void *one, const void *other)
{
	const struct piece *a = one, *b = other;
	uint64_t from = a->segment->at[0], to = b->segment->at[0];

	return from < to ? -1 : from > to;
}

/* Two tables, or two views of one, that do not agree. */
static void find_overlaps(struct pieces *partitions)
{
	size_t reaching = 0; /* the one that ends last so far */

	for (size_t i = 1; i < partitions->count; i++) {
		struct piece *before = partitions->piece + reaching, *piece = partitions->piece + i;
		uint64_t end = before->segment->at[0] + before->size;

		if (piece->segment->at[0] < end) {
			piece_wholly(before, "it overlaps another partition");
			piece_wholly(piece, "it overlaps another partition");
		}
		if (piece->segment->at[0] + piece->size > end)
			reaching = i;
	}
}

/* There may be more than one: then what lies between the first and the last counts. */
static void add_extended(struct table *table, blkid_partition partition)
{
	uint64_t start = (uint64_t)blkid_partition_get_start(partition) * SECTOR;
	uint64_t end = start + (uint64_t)blkid_partition_get_size(partition) * SECTOR;

	if (!table->extended_end || start < table->extended)
		table->extended = start;
	if (end > table->extended_end)
		table->extended_end = end;
}

static void read_list(struct table *table, blkid_partlist list, uint64_t size)
{
	blkid_parttable root = blkid_partlist_get_table(list);
	AUTO_FREE char *strange = NULL;

	if (!root)
		return;
	table->type = text_copy(blkid_parttable_get_type(root));
	if (strcmp(table->type, "gpt") != 0 && strcmp(table->type, "dos") != 0) {
		strange = text_format("p2vd does not look into a partition table of the kind '%s'",
				      table->type);
		wholly(table, strange);
	}
	for (int i = 0; i < blkid_partlist_numof_partitions(list); i++) {
		blkid_partition partition = blkid_partlist_get_partition(list, i);

		if (blkid_partition_get_table(partition) != root &&
		    !blkid_partition_is_logical(partition)) {
			wholly(table, "it has a partition table in a partition");
		} else if (blkid_partition_is_extended(partition)) {
			add_extended(table, partition);
		} else {
			add_partition(table, partition, size);
		}
	}
	if (table->partitions.count)
		qsort(table->partitions.piece, table->partitions.count,
		      sizeof(*table->partitions.piece), compare);
	find_overlaps(&table->partitions);
}

/* Where libblkid counts other partitions, or there are more extended ones, it is not known. */
static void read_links(struct table *table, int disk, blkid_partlist list, unsigned sector)
{
	unsigned logical = 0, extended = 0, found;

	for (int i = 0; i < blkid_partlist_numof_partitions(list); i++) {
		blkid_partition partition = blkid_partlist_get_partition(list, i);

		logical += blkid_partition_is_logical(partition) != 0;
		extended += blkid_partition_is_extended(partition) != 0;
	}
	table->links_known = follow_links(table, disk, sector, &found) && extended == 1 &&
			     found == logical;
}

/* What the disk is as a whole. Beside a partition table that is a doubt: part of a RAID, say. */
static void read_whole(struct table *table, blkid_probe prober)
{
	const char *type = NULL;
	int found;

	blkid_probe_enable_superblocks(prober, 1);
	blkid_probe_set_superblocks_flags(prober, BLKID_SUBLKS_TYPE);
	found = blkid_do_safeprobe(prober);
	if (found == 0 && blkid_probe_lookup_value(prober, "TYPE", &type, NULL) == 0)
		table->whole = text_copy(type);
	if (found == -2)
		wholly(table, "it has signatures of several kinds (wipefs lists them)");
	else if (found < 0)
		wholly(table, "it cannot be read");
}

void table_read(struct table *table, int disk, uint64_t size)
{
	blkid_probe prober = blkid_new_probe();
	AUTO_FREE char *both = NULL;
	blkid_partlist list;

	*table = (struct table){ 0 };
	if (!prober || blkid_probe_set_device(prober, disk, 0, (blkid_loff_t)size) != 0) {
		wholly(table, "it cannot be read");
		blkid_free_probe(prober);
		return;
	}
	read_whole(table, prober);
	blkid_reset_probe(prober);
	blkid_probe_enable_superblocks(prober, 0);
	blkid_probe_enable_partitions(prober, 1);
	list = blkid_probe_get_partitions(prober);
	if (list)
		read_list(table, list, size);
	if (list && table->extended_end)
		read_links(table, disk, list, blkid_probe_get_sectorsize(prober));
	if (table->type && !strcmp(table->type, "gpt"))
		read_gpt(table, disk, blkid_probe_get_sectorsize(prober));
	if (table->type && table->whole) {
		both = text_format("it has a partition table, and is '%s' as a whole, too",
				   table->whole);
		wholly(table, both);
	}
	blkid_free_probe(prober);
}

void table_clear(struct table *table)
{
	free(table->type);
	free(table->whole);
	free(table->reason);
	pieces_clear(&table->partitions);
}
