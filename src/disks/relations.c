// SPDX-License-Identifier: GPL-2.0-or-later
/* What depends on the other disks. */
#include "disks/relations.h"

#include "base/list.h"
#include "base/text.h"
#include "disks/disk_name.h"
#include "disks/lun.h"
#include "disks/sets.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A disk's index among the fixed ones with its prefix. What is sdb here is sda in its own
 * system, if our sda is the boot medium. */
static size_t index_of(const struct device *device, const struct devices *fixed)
{
	const char *prefix = disk_name_prefix(device->disk.kernel);
	size_t index = 0;

	for (size_t i = 0; i < fixed->count; i++) {
		if (fixed->device[i] == device)
			return index;
		index += prefix && disk_name_prefix(fixed->device[i]->disk.kernel) == prefix;
	}
	return SIZE_MAX;
}

/*
 * NBD does not tell how large sectors are, and virt-v2v and its guests take 512 bytes: a
 * partition table made for other sectors is wrong then. A disk without one is not affected.
 */
static void warn_of_sectors(const struct device *device, char ***warnings)
{
	if (device->disk.logical_block == 512 || !device->partitions)
		return;
	list_append(warnings,
		    text_format("disk '%s' has sectors of %u bytes and a partition table made for them, but a guest that virt-v2v makes has sectors of 512: it will not find the partitions; copy the system to a disk with sectors of 512 first",
				device->disk.name, device->disk.logical_block));
}

static bool is_taken(const struct devices *chosen, const char *name)
{
	for (size_t i = 0; i < chosen->count; i++) {
		const struct disk *disk = &chosen->device[i]->disk;

		if (!strcmp(disk->kernel ? disk->name : disk->target ?: "", name))
			return true;
	}
	return false;
}

/* A file's name for virt-v2v: that of its place, or the next one that no other disk has. */
static void name_file(const struct devices *chosen, size_t index)
{
	struct disk *disk = &chosen->device[index]->disk;
	char *name = disk_name_scsi(index);

	while (is_taken(chosen, name)) {
		free(name);
		name = disk_name_scsi(++index);
	}
	disk->target = name;
}

void relations_set(const struct devices *all, const struct devices *fixed,
		   const struct devices *chosen, char ***warnings)
{
	struct devices looked = { 0 };

	for (size_t i = 0; i < chosen->count; i++) {
		struct device *device = chosen->device[i];
		struct disk *disk = &device->disk;

		devices_append(&looked, device);
		if (!disk->kernel) {
			name_file(chosen, i);
			continue;
		}
		disk->bus = text_copy(disk_name_bus(disk->kernel, disk->transport,
						    index_of(device, fixed), i, &disk->renamed));
		disk->paths = lun_paths(device, all, chosen);
		if (disk->paths)
			disk->lun = text_copy(device->multipath ? device->mapped : device->lun);
		warn_of_sectors(device, warnings);
	}
	for (size_t i = 0; i < fixed->count; i++)
		if (!lun_find(chosen, fixed->device[i]))
			devices_append(&looked, fixed->device[i]);
	lun_warn(chosen, warnings);
	sets_find(all, &looked, chosen->count, warnings);
	free(looked.device);
}
