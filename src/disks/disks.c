// SPDX-License-Identifier: GPL-2.0-or-later
/* Which disks and removable drives the guest gets. */
#include "disks/disks.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/disk_boot.h"
#include "disks/disk_fixed.h"
#include "disks/disk_name.h"
#include "disks/lun.h"
#include "disks/sets.h"
#include "machine/controllers.h"
#include "machine/place.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* All fixed disks, one of each LUN, in the order of their places. */
static char **fixed_names(const char *root)
{
	AUTO_LIST char **all = sysfs_list(root, "sys/block");
	char **fixed = NULL;

	for (size_t i = 0; all && all[i]; i++)
		if (!disk_why_not_fixed(root, all[i]))
			list_append(&fixed, text_copy(all[i]));
	place_sort(root, fixed, disk_place, disk_name_compare);
	lun_keep_one_each(root, fixed);
	return fixed;
}

/* A guest with BIOS starts from its first disk only, so that must be the one that the
 * machine starts from. */
static void put_boot_disk_first(const char *root, char **names)
{
	size_t at = disk_boot_find(root, names);

	assert(at == SIZE_MAX || at < list_length(names));
	for (; at != SIZE_MAX && at; at--) {
		char *before = names[at - 1];

		names[at - 1] = names[at];
		names[at] = before;
	}
}

/* Why there is no disk to convert, and what to do. */
static char *say_none(const char *root)
{
	AUTO_LIST char **all = sysfs_list(root, "sys/block");
	AUTO_FREE char *controllers = controllers_judge(root, CONTROLLERS_STORAGE);
	AUTO_LIST char **left_out = NULL;
	AUTO_FREE char *others = NULL;

	for (char **name = all; name && *name; name++) {
		const char *why = disk_why_not_fixed(root, *name);

		if (why && *why)
			list_append(&left_out, text_format("%s (%s)", *name, why));
	}
	others = list_join(left_out, ", ");
	return text_format("no fixed disk found: %s%s%s%s", controllers,
			   left_out ? "; left out: " : "", others,
			   left_out ? ": name it in p2v.disks to convert it" : "");
}

static int find_all(const char *root, struct disks *disks, char **reason)
{
	AUTO_LIST char **names = fixed_names(root);

	put_boot_disk_first(root, names);
	for (size_t i = 0; names && names[i]; i++)
		APPEND(disks->disk, disks->count, disk_read(root, names[i]));
	if (!disks->count)
		*reason = say_none(root);
	return disks->count ? 0 : -ENODEV;
}

static int refuse_missing(const char *root, const char *word, char **reason)
{
	AUTO_LIST char **fixed = fixed_names(root);
	AUTO_FREE char *joined = list_join(fixed, ", ");
	AUTO_FREE char *names = disk_plain_name(joined);

	return REFUSE(reason, ENOENT, "disk '%s' does not exist: this machine has %s", word,
		      *names ? names : "no fixed disk");
}

static int add_wanted_device(const char *root, const char *word, const char *name,
			     struct disks *disks, char **reason)
{
	if (disk_name_is_optical(name))
		return REFUSE(reason, EINVAL,
			      "'%s' is a CD or DVD drive: give it in p2v.removable, not in p2v.disks",
			      word);
	if (!disk_size(root, name))
		return REFUSE(reason, ENOMEDIUM, "disk '%s' has no size: is there a medium in it?",
			      word);
	if (disk_is_boot_medium(root, name))
		return REFUSE(reason, EINVAL, "disk '%s' is the medium that this image is on",
			      word);
	APPEND(disks->disk, disks->count, disk_read(root, name));
	return 0;
}

static int refuse_partition(const char *word, char **reason)
{
	return REFUSE(reason, EINVAL,
		      "'%s' is a partition: virt-v2v needs whole disks, name the disk that it is on",
		      word);
}

/* Finds a block device by its number, so that links work, as in /dev/disk/by-id. */
static int add_node(const char *root, const char *path, dev_t number, struct disks *disks,
		    char **reason)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/dev/block/%u:%u", major(number),
					  minor(number));
	const char *name = link ? basename(link) : NULL;

	if (sysfs_exists(root, "sys/dev/block/%u:%u/partition", major(number), minor(number)))
		return refuse_partition(path, reason);
	if (!name || !sysfs_exists(root, "sys/block/%s", name))
		return refuse_missing(root, path, reason);
	return add_wanted_device(root, path, name, disks, reason);
}

static int add_path(const char *root, const char *path, struct disks *disks, char **reason)
{
	struct stat about;
	int error = stat(path, &about) < 0 ? errno : 0;

	if (error == ENOENT)
		return refuse_missing(root, path, reason);
	if (error)
		return REFUSE(reason, error, "disk '%s': %s", path, strerror(error));
	if (S_ISBLK(about.st_mode))
		return add_node(root, path, about.st_rdev, disks, reason);
	if (!S_ISREG(about.st_mode) || !about.st_size)
		return REFUSE(reason, EINVAL, "'%s' is %s: give a disk or a file that holds one",
			      path,
			      S_ISDIR(about.st_mode) ? "a directory" :
			      S_ISREG(about.st_mode) ? "an empty file" :
						       "neither a disk nor a file");
	APPEND(disks->disk, disks->count, disk_of_file(path, (uint64_t)about.st_size));
	return 0;
}

/* @word: a kernel name, "/dev/NAME", or the path of a node or file. */
static int add_wanted(const char *root, const char *word, struct disks *disks, char **reason)
{
	AUTO_LIST char **known = sysfs_list(root, "sys/block");
	const char *short_name = text_begins(word, "/dev/") ? word + 5 : word;
	AUTO_FREE char *name = disk_kernel_name(short_name);

	if (!*word)
		return REFUSE(reason, EINVAL,
			      "p2v.disks has an empty name in it: give names separated by commas");
	if (list_contains(known, name))
		return add_wanted_device(root, word, name, disks, reason);
	if (sysfs_exists(root, "sys/class/block/%s/partition", name))
		return refuse_partition(word, reason);
	if (*word == '/')
		return add_path(root, word, disks, reason);
	return refuse_missing(root, word, reason);
}

static bool is_same(const char *left, const char *right)
{
	struct stat a, b;

	return !strcmp(left, right) || (!stat(left, &a) && !stat(right, &b) &&
					a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

static int refuse_twice(const char *root, const struct disks *disks, const char *word,
			char **reason)
{
	const struct disk *last = &disks->disk[disks->count - 1];

	for (size_t i = 0; i + 1 < disks->count; i++) {
		if (is_same(disks->disk[i].path, last->path))
			return REFUSE(reason, EINVAL, "disk '%s' is given twice in p2v.disks",
				      word);
		if (last->kernel && lun_is_disk(root, last->kernel, &disks->disk[i]))
			return REFUSE(reason, EINVAL,
				      "disk '%s' in p2v.disks is another path to '%s': give one of them",
				      word, disks->disk[i].name);
	}
	return 0;
}

static int find_wanted(const char *root, char *const *wanted, struct disks *disks, char **reason)
{
	if (!*wanted)
		return REFUSE(reason, EINVAL,
			      "p2v.disks is empty: name disks, or leave it out to convert all");
	for (; *wanted; wanted++) {
		int r = add_wanted(root, *wanted, disks, reason);

		if (r == 0)
			r = refuse_twice(root, disks, *wanted, reason);
		if (r < 0)
			return r;
	}
	return 0;
}

static void find_optical(const char *root, struct disks *disks)
{
	AUTO_LIST char **names = sysfs_list(root, "sys/block");

	for (size_t i = 0; names && names[i]; i++)
		if (disk_name_is_optical(names[i]) && !disk_is_virtual_medium(root, names[i]))
			list_append(&disks->removable, text_copy(names[i]));
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
static size_t index_of(const char *name, char *const *fixed)
{
	const char *prefix = disk_name_prefix(name);
	size_t index = 0;

	for (; fixed && *fixed; fixed++) {
		if (!strcmp(*fixed, name))
			return index;
		index += prefix && disk_name_prefix(*fixed) == prefix;
	}
	return SIZE_MAX;
}

/* Kernel names: of @disks without files, then of all other fixed disks. Each LUN once. */
static char **all_names(const char *root, char *const *fixed, const struct disks *disks)
{
	char **all = NULL;

	for (size_t i = 0; i < disks->count; i++)
		if (disks->disk[i].kernel)
			list_append(&all, text_copy(disks->disk[i].kernel));
	for (; fixed && *fixed; fixed++) {
		size_t i = 0;

		while (all && all[i] && !lun_is_same(root, all[i], *fixed))
			i++;
		if (!all || !all[i])
			list_append(&all, text_copy(*fixed));
	}
	return all;
}

/*
 * NBD does not tell how large sectors are, and virt-v2v and its guests take 512 bytes: a
 * partition table made for other sectors is wrong then. A disk without one is not affected.
 */
static void warn_of_sectors(const char *root, const struct disk *disk, char ***warnings)
{
	AUTO_LIST char **entries = sysfs_list(root, "sys/block/%s", disk->kernel);
	bool divided = false;

	for (size_t i = 0; entries && entries[i] && disk->logical_block != 512; i++)
		divided |= sysfs_exists(root, "sys/block/%s/%s/partition", disk->kernel,
					entries[i]);
	if (divided)
		list_append(warnings,
			    text_format("disk '%s' has sectors of %u bytes and a partition table made for them, but a guest that virt-v2v makes has sectors of 512: it will not find the partitions; copy the system to a disk with sectors of 512 first",
					disk->name, disk->logical_block));
}

static void relate(const char *root, struct disks *disks)
{
	AUTO_LIST char **seen = sysfs_list(root, "sys/block"), **fixed = fixed_names(root);
	AUTO_LIST char **all = all_names(root, fixed, disks);

	for (size_t i = 0; i < disks->count; i++) {
		struct disk *disk = &disks->disk[i];

		if (!disk->kernel)
			continue;
		disk->bus = text_copy(disk_name_bus(disk->kernel, disk->transport,
						    index_of(disk->kernel, fixed), i,
						    &disk->renamed));
		disk->paths = lun_paths(root, disk->kernel, seen);
		warn_of_sectors(root, disk, &disks->warnings);
	}
	sets_find(root, all, disks->disk, disks->count, &disks->warnings);
}

int disks_find(const char *root, char *const *wanted, char *const *removable_wanted,
	       struct disks *disks, char **reason)
{
	int r;

	*disks = (struct disks){ 0 };
	r = wanted ? find_wanted(root, wanted, disks, reason) : find_all(root, disks, reason);
	if (r == 0 && removable_wanted)
		r = find_removable(removable_wanted, disks, reason);
	else if (r == 0)
		find_optical(root, disks);
	if (r < 0)
		disks_clear(disks);
	else
		relate(root, disks);
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

char *disks_advice(const struct disks *disks)
{
	AUTO_FREE char *names = names_of(disks, is_not_renamed), *ide = names_of(disks, is_ide);
	const size_t first = strcspn(names, ",");

	if (*names)
		return text_format("virt-v2v does not change names of %s inside a Linux guest: a system with a device name such as '/dev/%.*s%s2' in its fstab or boot loader will not start; write UUIDs or labels there before the conversion",
				   names, (int)first, names,
				   isdigit((unsigned char)names[first - 1]) ? "p" : "");
	if (*ide)
		return text_format("%s is on an IDE cable, where old systems name it /dev/hda or similar: virt-v2v changes such names only in RHEL up to 5, its relatives and SUSE; in others, write UUIDs or labels into fstab and boot loader before the conversion",
				   ide);
	return NULL;
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
