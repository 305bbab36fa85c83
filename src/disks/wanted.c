// SPDX-License-Identifier: GPL-2.0-or-later
/* The disks that p2v.disks names. */
#include "disks/wanted.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/disk_name.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

struct search {
	const char *root;
	struct devices *all;
	const struct devices *fixed;
	struct devices *chosen;
	char **reason;
};

static int refuse_missing(const struct search *search, const char *word)
{
	AUTO_LIST char **list = NULL;
	AUTO_FREE char *names = NULL;

	for (size_t i = 0; i < search->fixed->count; i++)
		list_append(&list, text_copy(search->fixed->device[i]->disk.name));
	names = list_join(list, ", ");
	return REFUSE(search->reason, ENOENT, "disk '%s' does not exist: this machine has %s%s",
		      word, *names ? names : "no fixed disk",
		      *word != '/' && strchr(word, '.') ? "; a file is given by its absolute path" :
							  "");
}

static int add_device(struct search *search, const char *word, struct device *device)
{
	if (disk_name_is_optical(device->disk.kernel))
		return REFUSE(search->reason, EINVAL,
			      "'%s' is a CD or DVD drive: give it in p2v.removable, not in p2v.disks",
			      word);
	if (!device->disk.size)
		return REFUSE(search->reason, ENOMEDIUM,
			      "disk '%s' has no size: is there a medium in it?", word);
	devices_append(search->chosen, device);
	return 0;
}

static int refuse_partition(const struct search *search, const char *word)
{
	return REFUSE(search->reason, EINVAL,
		      "'%s' is a partition: virt-v2v needs whole disks, name the disk that it is on",
		      word);
}

/* Finds a block device by its number, so that links work, as in /dev/disk/by-id. */
static int add_node(struct search *search, const char *path, dev_t number)
{
	const char *root = search->root;
	AUTO_FREE char *link = sysfs_link(root, "sys/dev/block/%u:%u", major(number),
					  minor(number));
	struct device *device = link ? devices_find(search->all, basename(link)) : NULL;

	if (sysfs_exists(root, "sys/dev/block/%u:%u/partition", major(number), minor(number)))
		return refuse_partition(search, path);
	return device ? add_device(search, path, device) : refuse_missing(search, path);
}

static int add_path(struct search *search, const char *path)
{
	struct stat about;
	int error = stat(path, &about) < 0 ? errno : 0;

	if (error == ENOENT)
		return refuse_missing(search, path);
	if (error)
		return REFUSE(search->reason, error, "disk '%s': %s", path, strerror(error));
	if (S_ISBLK(about.st_mode))
		return add_node(search, path, about.st_rdev);
	if (!S_ISREG(about.st_mode) || !about.st_size)
		return REFUSE(search->reason, EINVAL,
			      "'%s' is %s: give a disk or a file that holds one", path,
			      S_ISDIR(about.st_mode) ? "a directory" :
			      S_ISREG(about.st_mode) ? "an empty file" :
						       "neither a disk nor a file");
	devices_append(search->chosen,
		       devices_add_file(search->all, path, (uint64_t)about.st_size));
	return 0;
}

/* @word: a kernel name, "/dev/NAME", or the path of a node or file. */
static int add_wanted(struct search *search, const char *word)
{
	const char *short_name = text_begins(word, "/dev/") ? word + 5 : word;
	AUTO_FREE char *name = disk_kernel_name(short_name);
	struct device *device = devices_find(search->all, name);

	if (!*word)
		return REFUSE(search->reason, EINVAL,
			      "p2v.disks has an empty name in it: give names separated by commas");
	if (device)
		return add_device(search, word, device);
	if (sysfs_exists(search->root, "sys/class/block/%s/partition", name))
		return refuse_partition(search, word);
	return *word == '/' ? add_path(search, word) : refuse_missing(search, word);
}

static bool is_same(const char *left, const char *right)
{
	struct stat a, b;

	return !strcmp(left, right) || (!stat(left, &a) && !stat(right, &b) &&
					a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

static int refuse_twice(const struct search *search, const char *word)
{
	const struct device *last = search->chosen->device[search->chosen->count - 1];

	for (size_t i = 0; i + 1 < search->chosen->count; i++)
		if (is_same(search->chosen->device[i]->disk.path, last->disk.path))
			return REFUSE(search->reason, EINVAL,
				      "disk '%s' is given twice in p2v.disks", word);
	return 0;
}

int wanted_find(const char *root, struct devices *all, const struct devices *fixed,
		char *const *words, struct devices *chosen, char **reason)
{
	struct search search = { root, all, fixed, chosen, reason };

	if (!*words)
		return REFUSE(reason, EINVAL,
			      "p2v.disks is empty: name disks, or leave it out to convert all");
	for (; *words; words++) {
		int r = add_wanted(&search, *words);

		if (r == 0)
			r = refuse_twice(&search, *words);
		if (r < 0)
			return r;
	}
	return 0;
}
