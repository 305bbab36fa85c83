// SPDX-License-Identifier: GPL-2.0-or-later
/* The reading of what is on a disk, for people. */
#include "disks/volume_reading.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/disk.h"
#include "disks/esp.h"

#include <blkid/blkid.h>
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static void cleanup_probe(blkid_probe *probe)
{
	blkid_free_probe(*probe);
}
#define AUTO_PROBE CLEANUP(cleanup_probe)

#define EFI_SYSTEM "EFI system"

/* ---- the partition table ----------------------------------------------------------- */

/* The purposes that tell more than what the partition holds: by GPT's GUID, or MBR's number. */
static const struct {
	const char *guid;
	int number;
	const char *purpose;
} purposes[] = {
	{ "c12a7328-f81f-11d2-ba4b-00a0c93ec93b", 0xef, EFI_SYSTEM },
	{ "21686148-6449-6e6f-744e-656564454649", -1, "BIOS boot" },
	{ "9e1a2d38-c612-4316-aa26-8b49521e5a8b", 0x41, "PowerPC boot" },
	{ "e3c9e316-0b5c-4db8-817d-f92df00215ae", -1, "reserved by Windows" },
	{ "de94bba4-06d1-4d40-a16a-bfd50179d6ac", 0x27, "Windows recovery" },
	{ "af9b60a0-1431-4f62-bc68-3311714a69ad", 0x42, "Windows dynamic disk" },
	{ "5808c8aa-7e8f-42e0-85d2-e1e90434cfb3", -1, "Windows dynamic disks' database" },
	{ "4f68bce3-e8cd-4db1-96e7-fbcaf984b709", -1, "Linux root" },
	{ "8da63339-0007-60c0-c436-083ac8230908", -1, "Linux, reserved" },
	{ "516e7cb6-6ecf-11d6-8ff8-00022d09712b", 0xa5, "FreeBSD" },
	{ NULL, 0xa6, "OpenBSD" },
	{ NULL, 0xbf, "Solaris" },
	{ NULL, 0xfb, "VMware VMFS" },
	{ "aa31e02a-400f-11db-9590-000c2911d1b8", -1, "VMware VMFS" },
};

static const char *purpose_of(blkid_partition partition)
{
	const char *guid = blkid_partition_get_type_string(partition);
	const int number = blkid_partition_get_type(partition);

	for (size_t i = 0; i < COUNT(purposes); i++)
		if (guid ? purposes[i].guid && !strcasecmp(guid, purposes[i].guid) :
			   number == purposes[i].number)
			return purposes[i].purpose;
	return NULL;
}

/* The number in the name of a partition's node: 2 for "sda2" and "nvme0n1p2". */
static int number_of(const char *node)
{
	size_t at = strlen(node);

	while (at && isdigit((unsigned char)node[at - 1]))
		at--;
	return atoi(node + at);
}

static blkid_partition find(blkid_partlist all, int number)
{
	const int count = all ? blkid_partlist_numof_partitions(all) : 0;

	for (int i = 0; i < count; i++) {
		blkid_partition partition = blkid_partlist_get_partition(all, i);

		if (blkid_partition_get_partno(partition) == number)
			return partition;
	}
	return NULL;
}

/* ---- what a partition holds --------------------------------------------------------- */

static char *value_of(blkid_probe probe, const char *name)
{
	const char *value;
	char *text = NULL;

	if (blkid_probe_lookup_value(probe, name, &value, NULL) == 0 && *value) {
		text = text_copy(value);
		text_make_plain(text);
	}
	return text;
}

/* @size 0: up to the end. */
static void read_volume(struct volume *volume, const char *root, const char *node, uint64_t begin,
			uint64_t size)
{
	AUTO_FREE char *path = disk_node(root, node);
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	AUTO_PROBE blkid_probe probe = blkid_new_probe();

	if (fd < 0 || !probe ||
	    blkid_probe_set_device(probe, fd, (blkid_loff_t)begin, (blkid_loff_t)size) != 0)
		return;
	volume->size = (uint64_t)blkid_probe_get_size(probe);
	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL);
	if (blkid_do_probe(probe) != BLKID_PROBE_OK)
		return;
	volume->type = value_of(probe, "TYPE");
	volume->label = value_of(probe, "LABEL");
}

static bool is_esp(const struct volume *volume)
{
	return volume->purpose && !strcmp(volume->purpose, EFI_SYSTEM) && volume->type &&
	       !strcmp(volume->type, "vfat");
}

/* What the firmware finds there. Other partitions would have to be mounted to know more of them. */
static void read_systems(struct volume *volume, const char *root, const char *node, uint64_t begin)
{
	AUTO_FREE uint8_t *bytes = NULL;
	AUTO_LIST char **systems = NULL;
	ssize_t length;

	if (!is_esp(volume))
		return;
	bytes = memory_zero(ESP_BEGIN, 1);
	length = disk_bytes(root, node, begin, bytes, ESP_BEGIN);
	systems = esp_systems(bytes, length > 0 ? (size_t)length : 0);
	if (systems)
		volume->starts = list_join(systems, ", ");
}

/* The kernel has a node for each partition. */
static void read_nodes(struct volumes *volumes, const char *root, char *const *nodes,
		       blkid_partlist all)
{
	for (; *nodes; nodes++) {
		blkid_partition partition = find(all, number_of(*nodes));
		struct volume volume = { .name = disk_plain_name(*nodes) };

		if (partition && blkid_partition_is_extended(partition)) {
			free(volume.name);
			continue; /* what is in it has nodes of its own */
		}
		volume.purpose = partition ? text_copy(purpose_of(partition)) : NULL;
		read_volume(&volume, root, *nodes, 0, 0);
		read_systems(&volume, root, *nodes, 0);
		APPEND(volumes->volume, volumes->count, volume);
	}
}

/* A file's partitions have none. */
static void read_table(struct volumes *volumes, const char *root, const char *node,
		       blkid_partlist all)
{
	const int count = blkid_partlist_numof_partitions(all);

	for (int i = 0; i < count; i++) {
		blkid_partition partition = blkid_partlist_get_partition(all, i);
		const uint64_t begin = (uint64_t)blkid_partition_get_start(partition) * DISK_SECTOR;
		const uint64_t size = (uint64_t)blkid_partition_get_size(partition) * DISK_SECTOR;
		struct volume volume = { 0 };

		if (blkid_partition_is_extended(partition))
			continue;
		volume.name = text_format("partition %d", blkid_partition_get_partno(partition));
		volume.purpose = text_copy(purpose_of(partition));
		if (size)
			read_volume(&volume, root, node, begin, size);
		read_systems(&volume, root, node, begin);
		volume.size = size;
		APPEND(volumes->volume, volumes->count, volume);
	}
}

static int by_number(const void *left, const void *right)
{
	const struct volume *a = left, *b = right;

	return number_of(a->name) - number_of(b->name);
}

void volumes_read(struct volumes *volumes, const char *root, const char *node,
		  char *const *partitions)
{
	AUTO_FREE char *path = disk_node(root, node);
	AUTO_PROBE blkid_probe probe = blkid_new_probe_from_filename(path);
	struct volume whole = { 0 };
	blkid_partlist all = NULL;

	*volumes = (struct volumes){ 0 };
	if (probe && *node != '/')
		blkid_probe_set_sectorsize(probe, disk_block_size(root, node, "logical"));
	if (probe)
		all = blkid_probe_get_partitions(probe);
	if (partitions && *partitions)
		read_nodes(volumes, root, partitions, all);
	else if (all && blkid_partlist_numof_partitions(all) > 0)
		read_table(volumes, root, node, all);
	if (volumes->count) {
		qsort(volumes->volume, volumes->count, sizeof(*volumes->volume), by_number);
		return;
	}
	read_volume(&whole, root, node, 0, 0);
	if (!whole.type)
		return;
	whole.name = *node == '/' ? text_copy(node) : disk_plain_name(node);
	APPEND(volumes->volume, volumes->count, whole);
}

void volumes_name_sets(struct volumes *volumes, char *const *sets)
{
	for (; sets && *sets; sets++) {
		AUTO_FREE char *plain = disk_plain_name(*sets);

		for (size_t i = 0; i < volumes->count; i++) {
			struct volume *volume = &volumes->volume[i];
			const size_t length = strlen(volume->name);

			if (text_begins(plain, volume->name) && text_begins(plain + length, ": ") &&
			    !volume->set)
				volume->set = text_copy(*sets + length + 2);
		}
	}
}
