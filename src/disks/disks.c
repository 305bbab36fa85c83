// SPDX-License-Identifier: GPL-2.0-or-later
/* Which disks and removable drives the guest gets. */
#include "disks/disks.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/disk_boot.h"
#include "disks/disk_fixed.h"
#include "disks/disk_name.h"
#include "disks/left_out.h"
#include "disks/lun.h"
#include "disks/sets.h"
#include "disks/wanted.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>

/* One of each LUN, in the order of their places. */
static void find_fixed(const char *root, const struct devices *all, struct devices *fixed)
{
	for (size_t i = 0; i < all->count; i++) {
		all->device[i]->kind = disk_fixed_judge(root, all->device[i]);
		if (all->device[i]->kind == DEVICE_FIXED)
			devices_append(fixed, all->device[i]);
	}
	devices_sort(fixed);
	lun_keep_one_each(fixed);
}

/* A guest with BIOS starts from its first disk only, so that must be the one that the
 * machine starts from. */
static int choose_all(const char *root, const struct devices *all, const struct devices *fixed,
		      struct devices *chosen, struct disks *disks, char **reason)
{
	AUTO_LIST char **names = NULL;
	size_t first;

	for (size_t i = 0; i < fixed->count; i++)
		list_append(&names, text_copy(fixed->device[i]->disk.kernel));
	first = disk_boot_find(root, names);
	assert(first == SIZE_MAX || first < fixed->count);
	if (first != SIZE_MAX)
		devices_append(chosen, fixed->device[first]);
	for (size_t i = 0; i < fixed->count; i++)
		if (i != first)
			devices_append(chosen, fixed->device[i]);
	if (!chosen->count) {
		*reason = left_out_say_none(root, all);
		return -ENODEV;
	}
	left_out_warn(root, all, chosen, &disks->warnings);
	return 0;
}

static void find_optical(const char *root, const struct devices *all, struct disks *disks)
{
	for (size_t i = 0; i < all->count; i++) {
		const char *name = all->device[i]->disk.kernel;

		if (name && disk_name_is_optical(name) &&
		    !disk_is_virtual_medium(root, all->device[i]))
			list_append(&disks->removable, text_copy(name));
	}
}

static int find_removable(char *const *wanted, struct disks *disks, char **reason)
{
	for (; *wanted; wanted++) {
		const char *name = text_begins(*wanted, "/dev/") ? *wanted + 5 : *wanted;

		if (!disk_name_is_slot(name))
			return REFUSE(reason, EINVAL,
				      "'%s' in p2v.removable is no name of a removable drive: give one as sr0, sdb or fda",
				      *wanted);
		if (list_contains(disks->removable, name))
			return REFUSE(reason, EINVAL, "'%s' is given twice in p2v.removable",
				      *wanted);
		list_append(&disks->removable, text_copy(name));
	}
	return 0;
}

/* ---- what depends on the other disks ----------------------------------------- */

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

/* Sets what depends on the other disks. */
static void relate(const char *root, const struct devices *all, const struct devices *fixed,
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
	sets_find(root, all, &looked, chosen->count, warnings);
	free(looked.device);
}

static struct disk steal_disk(struct device *device)
{
	struct disk disk = device->disk;

	device->disk = (struct disk){ 0 };
	return disk;
}

static int find(const char *root, char *const *wanted, struct devices *all, struct disks *disks,
		char **reason)
{
	struct devices fixed = { 0 }, chosen = { 0 };
	int r;

	find_fixed(root, all, &fixed);
	r = wanted ? wanted_find(root, all, &fixed, wanted, &chosen, reason) :
		     choose_all(root, all, &fixed, &chosen, disks, reason);
	if (r == 0) {
		relate(root, all, &fixed, &chosen, &disks->warnings);
		for (size_t i = 0; i < chosen.count; i++)
			APPEND(disks->disk, disks->count, steal_disk(chosen.device[i]));
	}
	free(fixed.device);
	free(chosen.device);
	return r;
}

/* Without disks, for people: the drives are there all the same. */
static void keep_drives_only(const char *root, const struct devices *all,
			     char *const *removable_wanted, struct disks *disks)
{
	disks_clear(disks);
	if (!removable_wanted)
		find_optical(root, all, disks);
}

int disks_find(const char *root, char *const *wanted, char *const *removable_wanted,
	       struct disks *disks, char **reason)
{
	struct devices all;
	int r;

	*disks = (struct disks){ 0 };
	devices_read(&all, root);
	r = find(root, wanted, &all, disks, reason);
	if (r == 0 && removable_wanted)
		r = find_removable(removable_wanted, disks, reason);
	else if (r == 0)
		find_optical(root, &all, disks);
	if (r < 0)
		keep_drives_only(root, &all, removable_wanted, disks);
	devices_clear(&all);
	return r;
}

static bool is_not_renamed(const struct disk *disk)
{
	return !disk->renamed && disk->kernel;
}

static bool is_ide(const struct disk *disk)
{
	return disk->bus && !strcmp(disk->bus, "ide");
}

/* "sda, sdb": the disks that are such; "" for none. */
static char *names_of(const struct disks *disks, bool (*is)(const struct disk *disk))
{
	AUTO_LIST char **names = NULL;

	for (size_t i = 0; i < disks->count; i++)
		if (is(&disks->disk[i]))
			list_append(&names, text_copy(disks->disk[i].name));
	return list_join(names, ", ");
}

char **disks_advice(const struct disks *disks)
{
	AUTO_FREE char *names = names_of(disks, is_not_renamed), *ide = names_of(disks, is_ide);
	const size_t first = strcspn(names, ",");
	char **advice = NULL;

	if (*names)
		list_append(&advice,
			    text_format("virt-v2v does not change names of %s inside a Linux guest: a system with a device name such as '/dev/%.*s%s2' in its fstab or boot loader will not start; write UUIDs or labels there before the conversion",
					names, (int)first, names,
					isdigit((unsigned char)names[first - 1]) ? "p" : ""));
	if (*ide)
		list_append(&advice,
			    text_format("%s is on an IDE cable, where old systems name it /dev/hda or similar: virt-v2v changes such names only in RHEL up to 5, its relatives and SUSE; in others, write UUIDs or labels into fstab and boot loader before the conversion",
					ide));
	return advice;
}

void disks_clear(struct disks *disks)
{
	for (size_t i = 0; i < disks->count; i++)
		disk_clear(&disks->disk[i]);
	free(disks->disk);
	list_free(disks->removable);
	list_free(disks->warnings);
	*disks = (struct disks){ 0 };
}
