// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's block devices, read from sysfs. */
#include "disks/device.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/content.h"
#include "disks/disk_id.h"
#include "disks/disk_name.h"
#include "disks/lun.h"
#include "machine/place.h"

#include <stdlib.h>
#include <string.h>

/* A USB disk's host adapter is an interface of the USB device, which has the number. */
static char *usb_serial(const char *root, const char *name, const char *link)
{
	if (!link || !strstr(link, "/usb"))
		return NULL;
	return sysfs_line(root, "sys/block/%s/device/../../../../serial", name);
}

/* NVMe and eMMC have it in device/, virtio beside that, SCSI on page 80h of the inquiry,
 * behind a header of 4 bytes. */
static char *serial_of(const char *root, const char *name, const char *link)
{
	char *serial = sysfs_line(root, "sys/block/%s/device/serial", name) ?:
			       sysfs_line(root, "sys/block/%s/serial", name);
	AUTO_FREE char *page = NULL;
	const char *text;

	if (serial)
		return serial;
	page = sysfs_text(root, "sys/block/%s/device/vpd_pg80", name);
	text = page && strlen(page) > 4 ? page + 4 + strspn(page + 4, " ") : "";
	return *text ? text_copy(text) : usb_serial(root, name, link);
}

static char *model_of(const char *root, const char *name)
{
	return sysfs_line(root, "sys/block/%s/device/model", name) ?:
		       sysfs_line(root, "sys/block/%s/device/name", name);
}

/* libata and SAS controllers write "ATA" for every ATA disk. */
static bool is_ata(const char *root, const char *name)
{
	AUTO_FREE char *vendor = sysfs_line(root, "sys/block/%s/device/vendor", name);

	return vendor && !strcmp(vendor, "ATA");
}

/* virtio and NVMe have the number of a PCI vendor there. */
static char *vendor_of(const char *root, const char *name)
{
	AUTO_FREE char *vendor = sysfs_line(root, "sys/block/%s/device/vendor", name);

	if (!vendor || is_ata(root, name) || text_begins(vendor, "0x"))
		return NULL;
	return steal(vendor);
}

/* With one blank for several. */
static char *wwn_of(const char *root, const char *name)
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

static char *own_name_of(const char *root, const char *name)
{
	AUTO_FREE char *path = text_format("%s/sys/block/%s/device/vpd_pg83", root, name);
	uint8_t page[4096];
	ssize_t length = sysfs_bytes(path, 0, page, sizeof(page));

	return length > 0 ? disk_id_of_page(page, (size_t)length) : NULL;
}

static char *target_of(const char *root, const char *link)
{
	const char *session = link ? strstr(link, "/session") : NULL;

	return session ? sysfs_line(root, "sys/class/iscsi_session/%.*s/targetname",
				    (int)strcspn(session + 1, "/"), session + 1) :
			 NULL;
}

static char *path_of(const struct device *device)
{
	return device->multipath && device->mapped && !strchr(device->mapped, '/') ?
		       text_format("/dev/mapper/%s", device->mapped) :
		       text_format("/dev/%s", device->disk.name);
}

static uint64_t size_of(const char *root, const char *name)
{
	uint64_t sectors = sysfs_number(root, 0, "sys/block/%s/size", name);

	return sectors <= UINT64_MAX / DISK_SECTOR ? sectors * DISK_SECTOR : 0;
}

/* As paths, all that are up count the same unless the storage says how good each is (ALUA). */
static int rank_of(const char *root, const char *name)
{
	AUTO_FREE char *state = sysfs_line(root, "sys/block/%s/device/state", name);
	AUTO_FREE char *access = sysfs_line(root, "sys/block/%s/device/access_state", name);

	if (state && strcmp(state, "running") != 0 && strcmp(state, "live") != 0)
		return 0;
	if (!access || !strcmp(access, "active/optimized"))
		return 3;
	return text_begins(access, "active") ? 2 : 1;
}

static char **partitions_of(const char *root, const char *name)
{
	AUTO_LIST char **entries = sysfs_list(root, "sys/block/%s", name);
	char **partitions = NULL;

	for (size_t i = 0; entries && entries[i]; i++)
		if (text_begins(entries[i], name) &&
		    sysfs_exists(root, "sys/block/%s/%s/partition", name, entries[i]))
			list_append(&partitions, text_copy(entries[i]));
	return partitions;
}

/* An NVMe namespace is placed by its number, too. */
static char **place_of(const char *root, const char *name, const char *link)
{
	AUTO_FREE char *namespace = sysfs_line(root, "sys/block/%s/nsid", name);
	char **place = place_read(root, link);

	if (namespace)
		list_append(&place, text_copy(namespace));
	return place;
}

static void read_disk(struct disk *disk, const char *root, const char *name, const char *link)
{
	*disk = (struct disk){
		.kernel = text_copy(name),
		.name = disk_plain_name(name),
		.vendor = vendor_of(root, name),
		.model = model_of(root, name),
		.serial = serial_of(root, name, link),
		.wwn = wwn_of(root, name),
		.transport = transport_of(root, name, link),
		.rotational = sysfs_number(root, 0, "sys/block/%s/queue/rotational", name),
		.size = size_of(root, name),
		.logical_block = disk_block_size(root, name, "logical"),
		.physical_block = disk_block_size(root, name, "physical"),
	};
}

static struct device *read_device(const char *root, const char *name)
{
	struct device *device = memory_zero(1, sizeof(*device));
	AUTO_FREE char *uuid = sysfs_line(root, "sys/block/%s/dm/uuid", name);

	*device = (struct device){
		.link = sysfs_link(root, "sys/block/%s", name),
		.partitions = partitions_of(root, name),
		.slaves = sysfs_list(root, "sys/block/%s/slaves", name),
		.mapped = sysfs_line(root, "sys/block/%s/dm/name", name),
		.multipath = uuid && text_begins(uuid, "mpath-"),
		.rank = rank_of(root, name),
		.removable = sysfs_number(root, 0, "sys/block/%s/removable", name),
		.hidden = sysfs_number(root, 0, "sys/block/%s/hidden", name),
		.read_only = sysfs_number(root, 0, "sys/block/%s/ro", name),
		.metadata = (unsigned)sysfs_number(root, 0, "sys/block/%s/metadata_bytes", name),
	};
	read_disk(&device->disk, root, name, device->link);
	device->disk.path = path_of(device);
	device->place = place_of(root, name, device->link);
	device->own_name = own_name_of(root, name);
	device->subsystem = sysfs_line(root, "sys/block/%s/device/subsysnqn", name);
	device->target = target_of(root, device->link);
	device->ata = is_ata(root, name);
	device->lun = lun_name(device);
	return device;
}

/* ---- what a device has from others ---------------------------------------------- */

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

/* The first of its paths by place; NULL for what is no disk of several paths. Marks them as
 * joined. */
static const struct device *first_path(const struct devices *all, const struct device *device)
{
	const struct device *first = NULL;

	for (size_t i = 0; i < all->count; i++) {
		struct device *path = all->device[i];
		bool is = device->multipath ? list_contains(device->slaves, path->disk.kernel) :
					      path->hidden && is_nvme_path(path->disk.kernel,
									   device->disk.kernel);

		path->joined |= is;
		if (is && path->place && (!first || place_compare(path->place, first->place) < 0))
			first = path;
	}
	return first;
}

static void replace(char **text, const char *other)
{
	free(*text);
	*text = text_copy(other);
}

/* A multipath device has none of these attributes itself. */
static void take_attributes(struct device *device, const struct device *path)
{
	replace(&device->disk.vendor, path->disk.vendor);
	replace(&device->disk.model, path->disk.model);
	replace(&device->disk.serial, path->disk.serial);
	replace(&device->disk.wwn, path->disk.wwn);
	replace(&device->disk.transport, path->disk.transport);
	replace(&device->lun, path->lun);
}

static void take_from_paths(const struct devices *all, struct device *device)
{
	const struct device *first = first_path(all, device);
	const struct device *slave = device->multipath && device->slaves ?
					     devices_find(all, device->slaves[0]) :
					     NULL;

	if (slave)
		take_attributes(device, slave);
	if (!first)
		return;
	list_free(device->place);
	device->place = list_copy(first->place);
}

void devices_read(struct devices *devices, const char *root)
{
	AUTO_LIST char **names = sysfs_list(root, "sys/block");

	*devices = (struct devices){ 0 };
	for (size_t i = 0; names && names[i]; i++)
		APPEND(devices->device, devices->count, read_device(root, names[i]));
	for (size_t i = 0; i < devices->count; i++)
		take_from_paths(devices, devices->device[i]);
}

struct device *devices_add_file(struct devices *devices, const char *path, uint64_t size)
{
	struct device *device = memory_zero(1, sizeof(*device));

	device->disk = disk_of_file(path, size);
	APPEND(devices->device, devices->count, device);
	return device;
}

struct device *devices_find(const struct devices *devices, const char *name)
{
	for (size_t i = 0; i < devices->count; i++) {
		const char *kernel = devices->device[i]->disk.kernel;

		if (kernel && !strcmp(kernel, name))
			return devices->device[i];
	}
	return NULL;
}

void devices_clear(struct devices *devices)
{
	for (size_t i = 0; i < devices->count; i++) {
		struct device *device = devices->device[i];

		disk_clear(&device->disk);
		content_free(device->content);
		free(device->link);
		list_free(device->place);
		list_free(device->partitions);
		list_free(device->slaves);
		free(device->mapped);
		free(device->own_name);
		free(device->subsystem);
		free(device->target);
		free(device->lun);
		free(device);
	}
	free(devices->device);
	*devices = (struct devices){ 0 };
}

void devices_append(struct devices *some, struct device *device)
{
	APPEND(some->device, some->count, device);
}

static int compare(const void *left, const void *right)
{
	const struct device *a = *(struct device *const *)left, *b = *(struct device *const *)right;
	int order = place_compare(a->place, b->place);

	return order ? order : disk_name_compare(a->disk.kernel, b->disk.kernel);
}

void devices_sort(struct devices *some)
{
	if (some->count)
		qsort(some->device, some->count, sizeof(*some->device), compare);
}
