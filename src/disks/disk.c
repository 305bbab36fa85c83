// SPDX-License-Identifier: GPL-2.0-or-later
/* One disk, read from sysfs. */
#include "disks/disk.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/disk_name.h"
#include "machine/place.h"

#include <string.h>

#define SECTOR 512 /* bytes; sizes in sysfs are in these, whatever the disk's own are */

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

	return text_format("%s/dev/%s", root, node);
}

ssize_t disk_bytes(const char *root, const char *name, uint64_t offset, void *buffer, size_t size)
{
	AUTO_FREE char *path = disk_node(root, name);

	return offset <= INT64_MAX - size ? sysfs_bytes(path, (off_t)offset, buffer, size) : -1;
}

uint64_t disk_size(const char *root, const char *name)
{
	uint64_t sectors = sysfs_number(root, 0, "sys/block/%s/size", name);

	return sectors <= UINT64_MAX / SECTOR ? sectors * SECTOR : 0;
}

unsigned disk_block_size(const char *root, const char *name, const char *which)
{
	uint64_t size = sysfs_number(root, SECTOR, "sys/block/%s/queue/%s_block_size", name, which);

	return size >= SECTOR && size <= 1 << 20 && !(size & (size - 1)) ? (unsigned)size : SECTOR;
}

/* A USB disk's host adapter is an interface of the USB device, which has the number. */
static char *usb_serial(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/block/%s", name);

	if (!link || !strstr(link, "/usb"))
		return NULL;
	return sysfs_line(root, "sys/block/%s/device/../../../../serial", name);
}

/* NVMe and eMMC have it in device/, virtio beside that, SCSI on page 80h of the inquiry,
 * behind a header of 4 bytes. */
char *disk_serial(const char *root, const char *name)
{
	char *serial = sysfs_line(root, "sys/block/%s/device/serial", name) ?:
			       sysfs_line(root, "sys/block/%s/serial", name);
	AUTO_FREE char *page = NULL;
	const char *text;

	if (serial)
		return serial;
	page = sysfs_text(root, "sys/block/%s/device/vpd_pg80", name);
	text = page && strlen(page) > 4 ? page + 4 + strspn(page + 4, " ") : "";
	return *text ? text_copy(text) : usb_serial(root, name);
}

static char *model_of(const char *root, const char *name)
{
	return sysfs_line(root, "sys/block/%s/device/model", name) ?:
		       sysfs_line(root, "sys/block/%s/device/name", name);
}

/* libata writes "ATA" for every disk, virtio and NVMe the number of a PCI vendor. */
static char *vendor_of(const char *root, const char *name)
{
	AUTO_FREE char *vendor = sysfs_line(root, "sys/block/%s/device/vendor", name);

	if (!vendor || !strcmp(vendor, "ATA") || text_begins(vendor, "0x"))
		return NULL;
	return steal(vendor);
}

char *disk_wwn(const char *root, const char *name)
{
	char *wwn = sysfs_line(root, "sys/block/%s/wwid", name) ?:
			    sysfs_line(root, "sys/block/%s/device/wwid", name);
	char *end = wwn;

	for (const char *c = wwn; c && *c; c++)
		if (*c != ' ' || c[1] != ' ')
			*end++ = *c;
	if (end)
		*end = '\0';
	return wwn;
}

/*
 * Whether an ATA disk is a parallel one. Word 76 of its answer to IDENTIFY has the
 * speeds of SATA, and is 0 or all ones without SATA. @link tells which device of
 * which port it is: …/ata1/host0/target0:0:1/….
 */
static bool is_parallel_ata(const char *root, const char *link)
{
	enum { SATA_CAPABILITIES = 76, WORD = 5 }; /* four digits and a blank each */
	const char *port = strstr(link, "/ata"), *target = strstr(link, "/target");
	AUTO_FREE char *words = NULL;
	unsigned port_number, unit = 0, word;

	if (!port || sscanf(port, "/ata%u", &port_number) != 1)
		return false;
	if (target && sscanf(target, "/target%*u:%*u:%u", &unit) != 1)
		unit = 0;
	words = sysfs_text(root, "sys/class/ata_device/dev%u.%u/id", port_number, unit);
	return words && strlen(words) > SATA_CAPABILITIES * WORD &&
	       sscanf(words + SATA_CAPABILITIES * WORD, "%4x", &word) == 1 &&
	       (word == 0 || word == 0xffff);
}

static char *transport_of(const char *root, const char *name, const char *link)
{
	const char *transport = disk_name_transport(name, link);

	if (transport && link && !strcmp(transport, "sata") && is_parallel_ata(root, link))
		transport = "ata";
	if (transport && !strcmp(transport, "mmc")) {
		AUTO_FREE char *type = sysfs_line(root, "sys/block/%s/device/type", name);

		transport = type && !strcmp(type, "SD") ? "sd-card" : "emmc";
	}
	return text_copy(transport);
}

bool disk_is_multipath(const char *root, const char *name)
{
	AUTO_FREE char *uuid = sysfs_line(root, "sys/block/%s/dm/uuid", name);

	return uuid && text_begins(uuid, "mpath-");
}

char **disk_paths(const char *root, const char *name)
{
	return disk_is_multipath(root, name) ? sysfs_list(root, "sys/block/%s/slaves", name) : NULL;
}

/* The disk that has the attributes: a multipath device has none of its own. */
static char *attributes_from(const char *root, const char *name)
{
	AUTO_LIST char **paths = disk_paths(root, name);

	return text_copy(paths ? paths[0] : name);
}

static char *path_of(const char *root, const char *name, const char *node)
{
	AUTO_FREE char *mapped = disk_is_multipath(root, name) ?
					 sysfs_line(root, "sys/block/%s/dm/name", name) :
					 NULL;

	return mapped && !strchr(mapped, '/') ? text_format("/dev/mapper/%s", mapped) :
						text_format("/dev/%s", node);
}

/* Keeps the place that comes first, and frees the other one. */
static void keep_first(char ***place, char **other)
{
	if (other && (!*place || place_compare(other, *place) < 0)) {
		list_free(*place);
		*place = other;
	} else {
		list_free(other);
	}
}

static char **own_place(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/block/%s", name);
	AUTO_FREE char *namespace = sysfs_line(root, "sys/block/%s/nsid", name);
	char **place = place_read(root, link);

	if (namespace)
		list_append(&place, text_copy(namespace));
	return place;
}

/* Whether @path is one of several paths to the NVMe disk @name: the hidden disk
 * nvme2c0n1 to nvme2n1. */
static bool is_nvme_path(const char *path, const char *name)
{
	unsigned system, disk, path_system, path_disk;
	int end = 0, path_end = 0;

	return sscanf(name, "nvme%un%u%n", &system, &disk, &end) == 2 && !name[end] &&
	       sscanf(path, "nvme%uc%*un%u%n", &path_system, &path_disk, &path_end) == 2 &&
	       !path[path_end] && system == path_system && disk == path_disk;
}

char **disk_place(const char *root, const char *name)
{
	AUTO_LIST char **paths = disk_paths(root, name), **all = sysfs_list(root, "sys/block");
	char **place = NULL;

	for (size_t i = 0; all && all[i]; i++)
		if (list_contains(paths, all[i]) || is_nvme_path(all[i], name))
			keep_first(&place, own_place(root, all[i]));
	return place ?: own_place(root, name);
}

struct disk disk_read(const char *root, const char *name)
{
	AUTO_FREE char *source = attributes_from(root, name);
	AUTO_FREE char *link = sysfs_link(root, "sys/block/%s", source);
	char *node = disk_plain_name(name);

	return (struct disk){
		.kernel = text_copy(name),
		.name = node,
		.path = path_of(root, name, node),
		.vendor = vendor_of(root, source),
		.model = model_of(root, source),
		.serial = disk_serial(root, source),
		.wwn = disk_wwn(root, source),
		.transport = transport_of(root, source, link),
		.rotational = sysfs_number(root, 0, "sys/block/%s/queue/rotational", name),
		.size = disk_size(root, name),
		.logical_block = disk_block_size(root, name, "logical"),
		.physical_block = disk_block_size(root, name, "physical"),
	};
}

/* What the system in it calls its disk is not known, so virt-v2v must rename nothing:
 * the bus is virtio (disk_name.h). */
struct disk disk_of_file(const char *path, uint64_t size)
{
	return (struct disk){
		.name = text_copy(basename(path)),
		.path = text_copy(path),
		.transport = text_copy("file"),
		.bus = text_copy("virtio"),
		.size = size,
		.logical_block = SECTOR,
		.physical_block = SECTOR,
	};
}

void disk_clear(struct disk *disk)
{
	free(disk->kernel);
	free(disk->name);
	free(disk->path);
	free(disk->vendor);
	free(disk->model);
	free(disk->serial);
	free(disk->wwn);
	free(disk->transport);
	free(disk->bus);
	list_free(disk->paths);
	list_free(disk->sets);
	*disk = (struct disk){ 0 };
}
