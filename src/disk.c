// SPDX-License-Identifier: GPL-2.0-or-later
/* One disk, read from sysfs. */
#include "disk.h"

#include "cleanup.h"
#include "disk_name.h"
#include "sysfs.h"
#include "text.h"

#include <string.h>

#define SECTOR 512 /* sysfs counts in these, whatever the disk does */

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

/* The primary volume descriptor: \1CD001 at its start, the label padded with blanks. */
bool disk_is_boot_medium(const char *root, const char *name)
{
	enum { DESCRIPTOR = 32768, LABEL = 40, LABEL_SIZE = 32 };
	static const char magic[] = "\1CD001";
	char descriptor[LABEL + LABEL_SIZE];
	AUTO_FREE char *node = disk_plain_name(name);
	AUTO_FREE char *path = text_format("%s/dev/%s", root, node);
	const size_t length = strlen(P2VD_VOLUME_LABEL);

	if (sysfs_bytes(path, DESCRIPTOR, descriptor, sizeof(descriptor)) != sizeof(descriptor))
		return false;
	return !memcmp(descriptor, magic, strlen(magic)) &&
	       !memcmp(descriptor + LABEL, P2VD_VOLUME_LABEL, length) &&
	       (descriptor[LABEL + length] == ' ' || !descriptor[LABEL + length]);
}

/* Under devices/virtual stands what software made, and NVMe's multipath disks. */
static bool is_virtual(const char *link)
{
	return link && strstr(link, "/virtual/") && !strstr(link, "/virtual/nvme-subsystem/");
}

uint64_t disk_size(const char *root, const char *name)
{
	uint64_t sectors = sysfs_number(root, 0, "sys/block/%s/size", name);

	return sectors <= UINT64_MAX / SECTOR ? sectors * SECTOR : 0;
}

bool disk_is_fixed(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/block/%s", name);

	return disk_name_may_be_fixed(name) && !is_virtual(link) && disk_size(root, name) &&
	       !sysfs_number(root, 0, "sys/block/%s/hidden", name) &&
	       !sysfs_number(root, 0, "sys/block/%s/removable", name) &&
	       !disk_is_boot_medium(root, name);
}

static unsigned block_size(const char *root, const char *name, const char *which)
{
	uint64_t size = sysfs_number(root, SECTOR, "sys/block/%s/queue/%s_block_size", name, which);

	return size >= SECTOR && size <= 1 << 20 ? (unsigned)size : SECTOR;
}

/* NVMe and eMMC tell it in device/, virtio beside it, SCSI on a page of the inquiry. */
static char *serial_of(const char *root, const char *name)
{
	char *serial = sysfs_line(root, "sys/block/%s/device/serial", name);
	AUTO_FREE char *page = NULL;

	if (!serial)
		serial = sysfs_line(root, "sys/block/%s/serial", name);
	if (serial)
		return serial;
	page = sysfs_text(root, "sys/block/%s/device/vpd_pg80", name);
	return page && strlen(page) > 4 ? text_copy(page + 4 + strspn(page + 4, " ")) : NULL;
}

static char *model_of(const char *root, const char *name)
{
	char *model = sysfs_line(root, "sys/block/%s/device/model", name);

	return model ? model : sysfs_line(root, "sys/block/%s/device/name", name);
}

struct disk disk_read(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/block/%s", name);
	char *node = disk_plain_name(name);

	return (struct disk){
		.name = node,
		.path = text_format("/dev/%s", node),
		.model = model_of(root, name),
		.serial = serial_of(root, name),
		.bus = text_copy(disk_name_bus(name, link)),
		.size = disk_size(root, name),
		.logical_block = block_size(root, name, "logical"),
		.physical_block = block_size(root, name, "physical"),
	};
}

struct disk disk_of_file(const char *path, uint64_t size)
{
	const char *slash = strrchr(path, '/');

	return (struct disk){
		.name = text_copy(slash ? slash + 1 : path),
		.path = text_copy(path),
		.bus = text_copy(disk_name_bus("", NULL)),
		.size = size,
		.logical_block = SECTOR,
		.physical_block = SECTOR,
	};
}

void disk_clear(struct disk *disk)
{
	free(disk->name);
	free(disk->path);
	free(disk->model);
	free(disk->serial);
	free(disk->bus);
	*disk = (struct disk){0};
}
