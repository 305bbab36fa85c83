// SPDX-License-Identifier: GPL-2.0-or-later
/* What libblkid finds on a disk or partition. */
#include "disks/signature.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/disk.h"

#include <assert.h>
#include <blkid/blkid.h>
#include <stdlib.h>
#include <string.h>

#define INTEL "isw_raid_member"
#define LDM "ldm"

static void cleanup_probe(blkid_probe *probe)
{
	blkid_free_probe(*probe);
}
#define AUTO_PROBE CLEANUP(cleanup_probe)

/* libblkid opens with O_RDONLY, O_CLOEXEC and O_NONBLOCK, so that a FIFO does not
 * stop us. A file that stands for a disk has the sectors that sysfs tells of the disk. */
static blkid_probe probe_of(const char *root, const char *name)
{
	AUTO_FREE char *path = disk_node(root, name);
	blkid_probe probe = blkid_new_probe_from_filename(path);

	if (probe && sysfs_exists(root, "sys/block/%s", name))
		blkid_probe_set_sectorsize(probe, disk_block_size(root, name, "logical"));
	return probe;
}

/* NULL where there is no such value. libblkid ends each with a zero byte. */
static char *value_of(blkid_probe probe, const char *name)
{
	const char *value;
	char *text = NULL;

	if (blkid_probe_lookup_value(probe, name, &value, NULL) == 0) {
		text = text_copy(value);
		text_make_plain(text);
	}
	return text;
}

/* Intel's is in the last sector but one. libblkid 2.41 only looks for it where sectors
 * have 512 bytes; here it is where they have 4096. */
static bool read_intel(struct signature *signature, const char *root, const char *name,
		       uint64_t size)
{
	static const char magic[] = "Intel Raid ISM Cfg Sig. ";
	const uint64_t offset = size - 2 * 4096;
	char bytes[sizeof(magic) - 1];

	if (size < 2 * 4096 ||
	    disk_bytes(root, name, offset, bytes, sizeof(bytes)) != sizeof(bytes) ||
	    memcmp(bytes, magic, sizeof(bytes)) != 0)
		return false;
	signature->type = text_copy(INTEL);
	signature->offset = offset;
	return true;
}

/* Windows' dynamic disks have partitions of their own kinds. What describes them is in the
 * last sector of one of these in a GPT, else in the disk's sector number 6. */
static bool read_ldm(struct signature *signature, blkid_probe probe)
{
	blkid_partlist all = blkid_probe_get_partitions(probe);
	const uint64_t sector = blkid_probe_get_sectorsize(probe);
	const int count = all ? blkid_partlist_numof_partitions(all) : 0;

	for (int i = 0; i < count && !signature->type; i++) {
		blkid_partition partition = blkid_partlist_get_partition(all, i);
		const char *type = blkid_partition_get_type_string(partition);
		const uint64_t end = (uint64_t)blkid_partition_get_start(partition) +
				     (uint64_t)blkid_partition_get_size(partition);

		if (type && !strcmp(type, "5808c8aa-7e8f-42e0-85d2-e1e90434cfb3"))
			signature->offset = end * DISK_SECTOR - sector;
		else if (!type && blkid_partition_get_type(partition) == 0x42)
			signature->offset = 6 * sector;
		else
			continue;
		signature->type = text_copy(LDM);
	}
	return signature->type;
}

bool signature_read(struct signature *signature, const char *root, const char *name,
		    char *const *types)
{
	AUTO_PROBE blkid_probe probe = probe_of(root, name);
	AUTO_FREE char *offset = NULL;

	*signature = (struct signature){ 0 };
	if (!probe)
		return false;
	if (list_contains(types, INTEL) &&
	    read_intel(signature, root, name, (uint64_t)blkid_probe_get_size(probe)))
		return true;
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_UUID |
							 BLKID_SUBLKS_LABEL | BLKID_SUBLKS_MAGIC);
	blkid_probe_filter_superblocks_type(probe, BLKID_FLTR_ONLYIN, (char **)types);
	if (blkid_do_probe(probe) != BLKID_PROBE_OK)
		return list_contains(types, LDM) && read_ldm(signature, probe);
	signature->type = value_of(probe, "TYPE");
	signature->id = value_of(probe, "UUID");
	signature->label = value_of(probe, "LABEL");
	offset = value_of(probe, "SBMAGIC_OFFSET");
	signature->offset = offset ? strtoull(offset, NULL, 10) : 0;
	assert(signature->type && list_contains(types, signature->type));
	return true;
}

void signature_clear(struct signature *signature)
{
	free(signature->type);
	free(signature->id);
	free(signature->label);
	*signature = (struct signature){ 0 };
}

char **signature_partitions(const char *root, const char *name)
{
	AUTO_PROBE blkid_probe probe = probe_of(root, name);
	blkid_partlist all = probe ? blkid_probe_get_partitions(probe) : NULL;
	const int count = all ? blkid_partlist_numof_partitions(all) : 0;
	char **partitions = NULL;

	for (int i = 0; i < count; i++) {
		blkid_partition partition = blkid_partlist_get_partition(all, i);
		const char *id = blkid_partition_get_uuid(partition);

		if (id)
			list_append(&partitions,
				    text_format("%d %s", blkid_partition_get_partno(partition),
						id));
	}
	return partitions;
}
