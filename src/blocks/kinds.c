// SPDX-License-Identifier: GPL-2.0-or-later
/* What can lie in a piece of a disk. */
#include "blocks/kinds.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

#include <blkid/blkid.h>
#include <string.h>
#include <sys/mman.h>

static const struct {
	const char *type; /* as libblkid calls it */
	inspect_function *inspect;
	expand_function *expand;
} kinds[] = {
	{ "ext2", ext_inspect, NULL },
	{ "ext3", ext_inspect, NULL },
	{ "ext4", ext_inspect, NULL },
	{ "xfs", xfs_inspect, NULL },
	{ "ntfs", ntfs_inspect, NULL },
	{ "vfat", fat_inspect, NULL },
	{ "exfat", exfat_inspect, NULL },
	{ "btrfs", btrfs_inspect, NULL },
	{ "swap", swap_inspect, NULL },
	{ "LVM2_member", NULL, lvm_expand },
	{ "linux_raid_member", NULL, md_expand },
};

inspect_function *kind_inspect(const char *type)
{
	for (size_t i = 0; type && i < COUNT(kinds); i++)
		if (!strcmp(kinds[i].type, type))
			return kinds[i].inspect;
	return NULL;
}

expand_function *kind_expand(const char *type)
{
	for (size_t i = 0; type && i < COUNT(kinds); i++)
		if (!strcmp(kinds[i].type, type))
			return kinds[i].expand;
	return NULL;
}

/* libblkid reads from a descriptor. For a piece that lies in several parts of the disk: a file that
 * has its beginning and its end, and a hole between, which holds nothing that libblkid knows. */
static int file_of(const struct piece *piece, int disk)
{
	enum { EDGE = 4 << 20 };
	AUTO_CLOSE int file = memfd_create("piece", MFD_CLOEXEC);
	uint64_t length = piece->size < EDGE ? piece->size : EDGE;
	AUTO_FREE char *bytes = memory_zero(EDGE, 1);
	int kept;

	if (file < 0 || ftruncate(file, (off_t)piece->size) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		uint64_t offset = i ? piece->size - length : 0;

		if (!piece_read(piece, disk, offset, bytes, length) ||
		    pwrite(file, bytes, length, (off_t)offset) != (ssize_t)length)
			return -1;
	}
	kept = file;
	file = -1;
	return kept;
}

static int probe(struct piece *piece, int descriptor, uint64_t offset)
{
	blkid_probe prober = blkid_new_probe();
	const char *type = NULL;
	int found = -1;

	if (prober && blkid_probe_set_device(prober, descriptor, (blkid_loff_t)offset,
					     (blkid_loff_t)piece->size) == 0) {
		blkid_probe_enable_superblocks(prober, 1);
		blkid_probe_set_superblocks_flags(prober, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE);
		found = blkid_do_safeprobe(prober);
		if (found == 0 && blkid_probe_lookup_value(prober, "TYPE", &type, NULL) == 0)
			piece->type = text_copy(type);
	}
	blkid_free_probe(prober);
	if (found == -2)
		piece_wholly(piece, "it has signatures of several kinds (wipefs lists them)");
	else if (found < 0)
		piece_wholly(piece, "it cannot be read");
	return found < 0 ? -1 : 0;
}

int kind_probe(struct piece *piece, int disk)
{
	AUTO_CLOSE int file = -1;
	uint64_t offset;

	if (piece_in_one(piece, &offset))
		return probe(piece, disk, offset);
	file = file_of(piece, disk);
	if (file >= 0)
		return probe(piece, file, 0);
	piece_wholly(piece, "it cannot be read");
	return -1;
}
