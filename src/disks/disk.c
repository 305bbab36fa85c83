// SPDX-License-Identifier: GPL-2.0-or-later
/* What p2vd tells of one disk. */
#include "disks/disk.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <string.h>

static char *replaced(const char *text, char from, char to)
{
	char *copy = text_copy(text);

	for (char *c = copy; *c; c++)
		if (*c == from)
			*c = to;
	return copy;
}

char *disk_plain_name(const char *kernel_name)
{
	return replaced(kernel_name, '!', '/');
}

char *disk_kernel_name(const char *plain_name)
{
	return replaced(plain_name, '/', '!');
}

char *disk_node(const char *root, const char *name)
{
	AUTO_FREE char *node = disk_plain_name(name);

	return *name == '/' ? text_copy(name) : text_format("%s/dev/%s", root, node);
}

ssize_t disk_bytes(const char *root, const char *name, uint64_t offset, void *buffer, size_t size)
{
	AUTO_FREE char *path = disk_node(root, name);

	return offset <= INT64_MAX - size ? sysfs_bytes(path, (off_t)offset, buffer, size) : -1;
}

unsigned disk_block_size(const char *root, const char *name, const char *which)
{
	uint64_t size = sysfs_number(root, DISK_SECTOR, "sys/block/%s/queue/%s_block_size", name,
				     which);

	return size >= DISK_SECTOR && size <= 1 << 20 && !(size & (size - 1)) ? (unsigned)size :
										DISK_SECTOR;
}

/* The system in it most likely calls its disks sda, sdb and so on, in their order: on "scsi",
 * virt-v2v changes these names (disk_name.h), and leaves others as they are. */
struct disk disk_of_file(const char *path, uint64_t size)
{
	return (struct disk){
		.name = text_copy(basename(path)),
		.path = text_copy(path),
		.transport = text_copy("file"),
		.bus = text_copy("scsi"),
		.renamed = true,
		.size = size,
		.logical_block = DISK_SECTOR,
		.physical_block = DISK_SECTOR,
	};
}

void disk_clear(struct disk *disk)
{
	free(disk->kernel);
	free(disk->name);
	free(disk->path);
	free(disk->target);
	free(disk->vendor);
	free(disk->model);
	free(disk->serial);
	free(disk->wwn);
	free(disk->transport);
	free(disk->bus);
	list_free(disk->paths);
	free(disk->lun);
	list_free(disk->sets);
	volumes_clear(&disk->volumes);
	free(disk->map);
	*disk = (struct disk){ 0 };
}
