// SPDX-License-Identifier: GPL-2.0-or-later
/* One LUN with several paths. */
#include "disks/lun.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool is_slave(const char *root, const char *multipath, const char *name)
{
	return disk_is_multipath(root, multipath) &&
	       sysfs_exists(root, "sys/block/%s/slaves/%s", multipath, name);
}

bool lun_is_same(const char *root, const char *left, const char *right)
{
	AUTO_FREE char *wwn = NULL, *other_wwn = NULL, *serial = NULL, *other_serial = NULL;

	if (!strcmp(left, right) || is_slave(root, left, right) || is_slave(root, right, left))
		return true;
	wwn = disk_wwn(root, left);
	other_wwn = disk_wwn(root, right);
	if (!wwn || !other_wwn || strcmp(wwn, other_wwn) ||
	    disk_size(root, left) != disk_size(root, right))
		return false;
	serial = disk_serial(root, left);
	other_serial = disk_serial(root, right);
	return !serial || !other_serial || !strcmp(serial, other_serial);
}

bool lun_is_disk(const char *root, const char *name, const struct disk *disk)
{
	return disk->kernel && lun_is_same(root, name, disk->kernel);
}

/* How good a path is: best is a multipath device, worst one that is down; between them
 * by what the storage says (ALUA), where silence means that all paths are the same. */
static int rank(const char *root, const char *name)
{
	AUTO_FREE char *state = sysfs_line(root, "sys/block/%s/device/state", name);
	AUTO_FREE char *access = sysfs_line(root, "sys/block/%s/device/access_state", name);

	if (disk_is_multipath(root, name))
		return 4;
	if (state && strcmp(state, "running") != 0 && strcmp(state, "live") != 0)
		return 0;
	if (!access || !strcmp(access, "active/optimized"))
		return 3;
	return text_begins(access, "active") ? 2 : 1;
}

void lun_keep_one_each(const char *root, char **names)
{
	char **end = names;

	for (char **name = names; name && *name; name++) {
		char **same = names;

		while (same < end && !lun_is_same(root, *same, *name))
			same++;
		if (same == end) {
			*end++ = *name;
		} else if (rank(root, *name) > rank(root, *same)) {
			free(*same);
			*same = *name;
		} else {
			free(*name);
		}
	}
	if (end)
		*end = NULL;
}

char **lun_paths(const char *root, const char *name, char *const *all)
{
	char **paths = NULL;

	for (; all && *all; all++)
		if (!disk_is_multipath(root, *all) && lun_is_same(root, *all, name))
			list_append(&paths, text_copy(*all));
	if (list_length(paths) > 1)
		return paths;
	list_free(paths);
	return NULL;
}
