// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's disks and removable drives, read from sysfs. */
#include "disks.h"

#include "cleanup.h"
#include "disk_name.h"
#include "sysfs.h"
#include "text.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define SECTOR 512 /* sysfs counts in these, whatever the disk does */

/* Says why not, and returns -@error. */
#define REFUSE(reason, error, ...) (*(reason) = text_format(__VA_ARGS__), -(error))

static char *replaced(const char *text, char from, char to)
{
	char *copy = text_copy(text);

	for (char *c = copy; *c; c++)
		if (*c == from)
			*c = to;
	return copy;
}

/* Whether ROOT/dev/NAME starts with an ISO 9660 file system of our label. */
static bool is_boot_medium(const char *root, const char *name)
{
	static const char magic[] = "\1CD001";
	struct {
		char magic[6], version, unused, system[32], label[32];
	} volume;
	AUTO_FREE char *node = replaced(name, '!', '/');
	AUTO_FREE char *path = text_format("%s/dev/%s", root, node);
	const size_t length = strlen(P2VD_VOLUME_LABEL);

	if (sysfs_bytes(path, 32768, &volume, sizeof(volume)) != sizeof(volume))
		return false;
	return !memcmp(volume.magic, magic, sizeof(volume.magic)) &&
	       !memcmp(volume.label, P2VD_VOLUME_LABEL, length) &&
	       (volume.label[length] == ' ' || !volume.label[length]);
}

/* Under devices/virtual stands what software made, and NVMe's multipath disks. */
static bool is_virtual(const char *link)
{
	return link && strstr(link, "/virtual/") && !strstr(link, "/virtual/nvme-subsystem/");
}

static uint64_t size_of(const char *root, const char *name)
{
	uint64_t sectors = sysfs_number(root, 0, "sys/block/%s/size", name);

	return sectors <= UINT64_MAX / SECTOR ? sectors * SECTOR : 0;
}

static bool is_fixed(const char *root, const char *name)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/block/%s", name);

	return disk_name_may_be_fixed(name) && !is_virtual(link) && size_of(root, name) &&
	       !sysfs_number(root, 0, "sys/block/%s/hidden", name) &&
	       !sysfs_number(root, 0, "sys/block/%s/removable", name) &&
	       !is_boot_medium(root, name);
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

static void add(struct disks *disks, struct disk disk)
{
	struct disk *grown = reallocarray(disks->disk, disks->count + 1, sizeof(disk));

	if (!grown)
		abort();
	disks->disk = grown;
	disks->disk[disks->count++] = disk;
}

static void add_device(const char *root, const char *name, struct disks *disks)
{
	AUTO_FREE char *link = sysfs_link(root, "sys/block/%s", name);
	char *node = replaced(name, '!', '/');

	add(disks, (struct disk){
		.name = node,
		.path = text_format("/dev/%s", node),
		.model = model_of(root, name),
		.serial = serial_of(root, name),
		.bus = text_copy(disk_name_bus(name, link)),
		.size = size_of(root, name),
		.logical_block = block_size(root, name, "logical"),
		.physical_block = block_size(root, name, "physical"),
	});
}

static void add_file(const char *path, uint64_t size, struct disks *disks)
{
	const char *slash = strrchr(path, '/');

	add(disks, (struct disk){
		.name = text_copy(slash ? slash + 1 : path),
		.path = text_copy(path),
		.bus = text_copy(disk_name_bus("", NULL)),
		.size = size,
		.logical_block = SECTOR,
		.physical_block = SECTOR,
	});
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
		if (is_fixed(root, all[i]))
			list_append(&fixed, text_copy(all[i]));
	if (fixed)
		qsort(fixed, list_length(fixed), sizeof(*fixed), compare);
	return fixed;
}

static int find_all(const char *root, struct disks *disks, char **reason)
{
	AUTO_LIST char **names = fixed_names(root);

	for (size_t i = 0; names && names[i]; i++)
		add_device(root, names[i], disks);
	if (!disks->count)
		return REFUSE(reason, ENODEV,
			      "no fixed disk found: the kernel may lack the controller's driver, see dmesg, or the disks are switched off in the firmware's setup");
	return 0;
}

static int refuse_missing(const char *root, const char *word, char **reason)
{
	AUTO_LIST char **fixed = fixed_names(root);
	AUTO_FREE char *joined = list_join(fixed, ", ");
	AUTO_FREE char *names = replaced(joined, '!', '/');

	return REFUSE(reason, ENOENT, "disk \"%s\" does not exist: this machine has %s", word,
		      *names ? names : "no fixed disk");
}

static int add_wanted_device(const char *root, const char *word, const char *name,
			     struct disks *disks, char **reason)
{
	if (disk_name_is_optical(name))
		return REFUSE(reason, EINVAL,
			      "\"%s\" is a CD or DVD drive: give it in p2v.removable, not in p2v.disks", word);
	if (!size_of(root, name))
		return REFUSE(reason, ENOMEDIUM, "disk \"%s\" has no size: is there a medium in it?", word);
	if (is_boot_medium(root, name))
		return REFUSE(reason, EINVAL, "disk \"%s\" is the medium that this image is on", word);
	add_device(root, name, disks);
	return 0;
}

static int refuse_partition(const char *word, char **reason)
{
	return REFUSE(reason, EINVAL,
		      "\"%s\" is a partition: virt-v2v needs whole disks, name the disk that it is on", word);
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

	if (stat(path, &about) < 0)
		return errno == ENOENT ? refuse_missing(root, path, reason)
				       : REFUSE(reason, errno, "disk \"%s\": %s", path, strerror(errno));
	if (S_ISBLK(about.st_mode))
		return add_node(root, path, about.st_rdev, disks, reason);
	if (!S_ISREG(about.st_mode))
		return REFUSE(reason, EINVAL, "\"%s\" is %s: give a disk or a file that holds one", path,
			      S_ISDIR(about.st_mode) ? "a directory" : "neither a disk nor a file");
	if (!about.st_size)
		return REFUSE(reason, EINVAL, "\"%s\" is an empty file: give a disk or a file that holds one", path);
	add_file(path, (uint64_t)about.st_size, disks);
	return 0;
}

/* @word: a kernel name, "/dev/NAME", or the path of a node or file. */
static int add_wanted(const char *root, const char *word, struct disks *disks, char **reason)
{
	AUTO_LIST char **known = sysfs_list(root, "sys/block");
	const char *short_name = strncmp(word, "/dev/", 5) ? word : word + 5;
	AUTO_FREE char *name = replaced(short_name, '/', '!');

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
				return REFUSE(reason, EINVAL, "disk \"%s\" is given twice in p2v.disks", *wanted);
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
				      "\"%s\" in p2v.removable is no name of a removable drive: give one as sr0, sdb or fda", *wanted);
		if (list_contains(disks->removable, name))
			return REFUSE(reason, EINVAL, "\"%s\" is given twice in p2v.removable", *wanted);
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
	for (size_t i = 0; i < disks->count; i++) {
		struct disk *disk = &disks->disk[i];

		free(disk->name);
		free(disk->path);
		free(disk->model);
		free(disk->serial);
		free(disk->bus);
	}
	free(disks->disk);
	list_free(disks->removable);
	*disks = (struct disks){0};
}
