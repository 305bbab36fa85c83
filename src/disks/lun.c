// SPDX-License-Identifier: GPL-2.0-or-later
/* One LUN with several paths. */
#include "disks/lun.h"

#include "base/list.h"
#include "base/text.h"

#include <string.h>

static bool joins(const struct device *multipath, const struct device *path)
{
	return multipath->multipath && path->disk.kernel &&
	       list_contains(multipath->slaves, path->disk.kernel);
}

bool lun_is_same(const struct device *left, const struct device *right)
{
	const struct disk *a = &left->disk, *b = &right->disk;

	if (left == right || joins(left, right) || joins(right, left))
		return true;
	return a->wwn && b->wwn && !strcmp(a->wwn, b->wwn) && a->size == b->size &&
	       (!a->serial || !b->serial || !strcmp(a->serial, b->serial));
}

struct device *lun_find(const struct devices *some, const struct device *device)
{
	for (size_t i = 0; i < some->count; i++)
		if (lun_is_same(some->device[i], device))
			return some->device[i];
	return NULL;
}

static bool is_better(const struct device *device, const struct device *than)
{
	return device->multipath != than->multipath ? device->multipath : device->rank > than->rank;
}

void lun_keep_one_each(struct devices *some)
{
	struct devices kept = { some->device, 0 };

	for (size_t i = 0; i < some->count; i++) {
		struct device *device = some->device[i], *same = lun_find(&kept, device);
		size_t at = 0;

		while (at < kept.count && kept.device[at] != same)
			at++;
		if (at == kept.count)
			kept.device[kept.count++] = device;
		else if (is_better(device, same))
			kept.device[at] = device;
	}
	some->count = kept.count;
}

char **lun_paths(const struct device *device, const struct devices *all)
{
	char **paths = NULL;

	for (size_t i = 0; i < all->count; i++) {
		const struct device *path = all->device[i];

		if (!path->multipath && lun_is_same(path, device))
			list_append(&paths, text_copy(path->disk.kernel));
	}
	if (list_length(paths) > 1)
		return paths;
	list_free(paths);
	return NULL;
}
