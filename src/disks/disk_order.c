// SPDX-License-Identifier: GPL-2.0-or-later
/* The order of a machine's disks. */
#include "disks/disk_order.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/disk.h"
#include "disks/disk_name.h"
#include "machine/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct placed {
	char *name;
	char **place;
};

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

static char **place_of(const char *root, const char *name)
{
	AUTO_LIST char **paths = disk_paths(root, name);
	AUTO_LIST char **all = sysfs_list(root, "sys/block");
	char **place = NULL;

	for (size_t i = 0; paths && paths[i]; i++)
		keep_first(&place, own_place(root, paths[i]));
	for (size_t i = 0; all && all[i]; i++)
		if (is_nvme_path(all[i], name))
			keep_first(&place, own_place(root, all[i]));
	return place ? place : own_place(root, name);
}

static int compare(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	int order = place_compare(a->place, b->place);

	return order ? order : disk_name_compare(a->name, b->name);
}

void disk_order_sort(const char *root, char **names)
{
	const size_t count = list_length(names);
	AUTO_FREE struct placed *all = memory_zero(count, sizeof(*all));

	if (!names)
		return;
	for (size_t i = 0; i < count; i++)
		all[i] = (struct placed){ names[i], place_of(root, names[i]) };
	qsort(all, count, sizeof(*all), compare);
	for (size_t i = 0; i < count; i++) {
		names[i] = all[i].name;
		list_free(all[i].place);
	}
}
