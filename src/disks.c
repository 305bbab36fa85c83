// SPDX-License-Identifier: GPL-2.0-or-later
/* Which disks and removable drives the guest gets. */
#include "disks.h"

#include "cleanup.h"
#include "disk_name.h"
#include "sysfs.h"
#include "text.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Says why not, and returns -@error. */
#define REFUSE(reason, error, ...) (*(reason) = text_format(__VA_ARGS__), -(error))

static void add(struct disks *disks, struct disk disk)
{
	struct disk *grown = reallocarray(disks->disk, disks->count + 1, sizeof(disk));

	if (!grown)
		abort();
	disks->disk = grown;
	disks->disk[disks->count++] = disk;
}

static int compare(const void *left, const void *right)
{
	return disk_name_compare(*(char *const *)left, *(char *const *)right);
}

/* The names of all fixed disks, in natural order. */
static char **fixed_names(const char *root)
{
	AUTO_LIST char **all = sysfs_list(root, "sys/block");
	char **fixed = NULL;

	for (size_t i = 0; all && all[i]; i++)
		if (disk_is_fixed(root, all[i]))
			list_append(&fixed, text_copy(all[i]));
	if (fixed)
		qsort(fixed, list_length(fixed), sizeof(*fixed), compare);
	return fixed;
}

static int find_all(const char *root, struct disks *disks, char **reason)
{
	AUTO_LIST char **names = fixed_names(root);

	for (size_t i = 0; names && names[i]; i++)
		add(disks, disk_read(root, names[i]));
	if (!disks->count)
		return REFUSE(reason, ENODEV,
			      "no fixed disk found: the kernel may lack the controller's driver, see dmesg, or the disks are switched off in the firmware's setup");
	return 0;
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
			      "'%s' is a CD or DVD drive: give it in p2v.removable, not in p2v.disks", word);
	if (!disk_size(root, name))
		return REFUSE(reason, ENOMEDIUM, "disk '%s' has no size: is there a medium in it?", word);
	if (disk_is_boot_medium(root, name))
		return REFUSE(reason, EINVAL, "disk '%s' is the medium that this image is on", word);
	add(disks, disk_read(root, name));
	return 0;
}

static int refuse_partition(const char *word, char **reason)
{
	return REFUSE(reason, EINVAL,
		      "'%s' is a partition: virt-v2v needs whole disks, name the disk that it is on", word);
}

/* A block device by its number, so that links as in /dev/disk/by-id work. */
static int add_node(const char *root, const char *path, dev_t number, struct disks *disks, char **reason)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/dev/block/%u:%u", major(number), minor(number));
	const char *name = link ? strrchr(link, '/') : NULL;

	if (sysfs_exists(root, "sys/dev/block/%u:%u/partition", major(number), minor(number)))
		return refuse_partition(path, reason);
	if (!name || !sysfs_exists(root, "sys/block/%s", name + 1))
		return refuse_missing(root, path, reason);
	return add_wanted_device(root, path, name + 1, disks, reason);
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
	if (!S_ISREG(about.st_mode))
		return REFUSE(reason, EINVAL, "'%s' is %s: give a disk or a file that holds one", path,
			      S_ISDIR(about.st_mode) ? "a directory" : "neither a disk nor a file");
	if (!about.st_size)
		return REFUSE(reason, EINVAL, "'%s' is an empty file: give a disk or a file that holds one", path);
	add(disks, disk_of_file(path, (uint64_t)about.st_size));
	return 0;
}

/* @word: a kernel name, "/dev/NAME", or the path of a node or file. */
static int add_wanted(const char *root, const char *word, struct disks *disks, char **reason)
{
	AUTO_LIST char **known = sysfs_list(root, "sys/block");
	const char *short_name = strncmp(word, "/dev/", 5) ? word : word + 5;
	AUTO_FREE char *name = disk_kernel_name(short_name);

	if (!*word)
		return REFUSE(reason, EINVAL, "p2v.disks has an empty name in it: give names separated by commas");
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

	return !strcmp(left, right) || (!stat(left, &a) && !stat(right, &b) && a.st_dev == b.st_dev &&
					a.st_ino == b.st_ino);
}

static int find_wanted(const char *root, char *const *wanted, struct disks *disks, char **reason)
{
	if (!*wanted)
		return REFUSE(reason, EINVAL, "p2v.disks is empty: name disks, or leave it out to convert all");
	for (; *wanted; wanted++) {
		int r = add_wanted(root, *wanted, disks, reason);

		if (r < 0)
			return r;
		for (size_t i = 0; i + 1 < disks->count; i++)
			if (is_same(disks->disk[i].path, disks->disk[disks->count - 1].path))
				return REFUSE(reason, EINVAL, "disk '%s' is given twice in p2v.disks", *wanted);
	}
	return 0;
}

static void find_optical(const char *root, struct disks *disks)
{
	AUTO_LIST char **names = sysfs_list(root, "sys/block");

	for (size_t i = 0; names && names[i]; i++)
		if (disk_name_is_optical(names[i]))
			list_append(&disks->removable, text_copy(names[i]));
}

static int find_removable(char *const *wanted, struct disks *disks, char **reason)
{
	for (; *wanted; wanted++) {
		const char *name = strncmp(*wanted, "/dev/", 5) ? *wanted : *wanted + 5;

		if (!disk_name_is_slot(name))
			return REFUSE(reason, EINVAL,
				      "'%s' in p2v.removable is no name of a removable drive: give one as sr0, sdb or fda", *wanted);
		if (list_contains(disks->removable, name))
			return REFUSE(reason, EINVAL, "'%s' is given twice in p2v.removable", *wanted);
		list_append(&disks->removable, text_copy(name));
	}
	return 0;
}

int disks_find(const char *root, char *const *wanted, char *const *removable_wanted,
	       struct disks *disks, char **reason)
{
	int r;

	*disks = (struct disks){0};
	r = wanted ? find_wanted(root, wanted, disks, reason) : find_all(root, disks, reason);
	if (r == 0 && removable_wanted)
		r = find_removable(removable_wanted, disks, reason);
	else if (r == 0)
		find_optical(root, disks);
	if (r < 0)
		disks_clear(disks);
	return r;
}

void disks_clear(struct disks *disks)
{
	for (size_t i = 0; i < disks->count; i++)
		disk_clear(&disks->disk[i]);
	free(disks->disk);
	list_free(disks->removable);
	*disks = (struct disks){0};
}
