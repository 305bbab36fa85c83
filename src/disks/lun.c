// SPDX-License-Identifier: GPL-2.0-or-later
/* One LUN with several paths. */
#include "disks/lun.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "disks/disk_id.h"

#include <string.h>

enum paths { PATHS_NEVER, PATHS_BY_OWN_NAME, PATHS_BY_NAME };

/* Whether a device may be one of several paths, and what name of it counts. */
static enum paths paths_of(const struct device *device)
{
	static const struct {
		const char *transport;
		enum paths paths;
	} table[] = {
		{ "fc", PATHS_BY_NAME },          { "sas", PATHS_BY_NAME },
		{ "iscsi", PATHS_BY_NAME },       { "nvme", PATHS_BY_NAME },
		{ "virtio", PATHS_BY_OWN_NAME },  { "scsi", PATHS_BY_OWN_NAME },
		{ "hyper-v", PATHS_BY_OWN_NAME },
	};
	const struct disk *disk = &device->disk;

	if (!disk->kernel || !disk->transport || text_begins(disk->kernel, "vd"))
		return PATHS_NEVER; /* virtio is SCSI or not */
	for (size_t i = 0; i < COUNT(table); i++)
		if (!strcmp(disk->transport, table[i].transport))
			return table[i].paths;
	return PATHS_NEVER;
}

/* "7:0:1:4", host, channel, target and the number of the LUN; NULL for what is not SCSI. */
static const char *address_of(const struct device *device)
{
	const size_t steps = list_length(device->place);
	const char *last = steps ? device->place[steps - 1] : "";

	return strchr(last, ':') && strspn(last, "0123456789:") == strlen(last) ? last : NULL;
}

char *lun_name(const struct device *device)
{
	const enum paths paths = paths_of(device);
	const struct disk *disk = &device->disk;
	const char *name = paths == PATHS_BY_NAME ? disk->wwn : device->own_name;
	const char *address = address_of(device);
	/* A SATA disk has one port, and makers of cheap ones give them all one name. */
	bool tells = name && !device->ata && disk_id_name_tells(name, disk->serial);

	if (paths == PATHS_NEVER)
		return NULL;
	if (!strcmp(disk->transport, "nvme"))
		return tells && device->subsystem ?
			       text_format("%s in %s", name, device->subsystem) :
			       NULL;
	if (tells)
		return text_copy(name);
	return device->target && address ?
		       text_format("%s, LUN %s", device->target, strrchr(address, ':') + 1) :
		       NULL;
}

static bool joins(const struct device *multipath, const struct device *path)
{
	return multipath->multipath && path->disk.kernel &&
	       list_contains(multipath->slaves, path->disk.kernel);
}

/* One target gives each of its disks another number. */
static bool are_two_of_a_target(const struct device *left, const struct device *right)
{
	const char *a = address_of(left), *b = address_of(right);
	const size_t target = a ? (size_t)(strrchr(a, ':') - a) : 0;

	return a && b && strcmp(a, b) != 0 && !strncmp(a, b, target + 1);
}

static bool differ(const char *left, const char *right)
{
	return left && right && strcmp(left, right) != 0;
}

bool lun_is_same(const struct device *left, const struct device *right)
{
	if (left == right || joins(left, right) || joins(right, left))
		return true;
	return left->lun && right->lun && !strcmp(left->lun, right->lun) &&
	       (left->disk.size == right->disk.size || !left->disk.size || !right->disk.size) &&
	       !differ(left->disk.serial, right->disk.serial) && !are_two_of_a_target(left, right);
}

/* Whether two devices that are not known to be the same LUN tell nothing that differs. */
static bool may_be_same(const struct device *left, const struct device *right)
{
	const struct disk *a = &left->disk, *b = &right->disk;

	if (paths_of(left) == PATHS_NEVER || paths_of(right) == PATHS_NEVER || a->size != b->size ||
	    differ(a->serial, b->serial) || differ(left->subsystem, right->subsystem) ||
	    differ(left->lun, right->lun) || are_two_of_a_target(left, right))
		return false;
	return a->wwn && b->wwn ? !strcmp(a->wwn, b->wwn) :
				  !a->wwn && !b->wwn && a->serial && b->serial &&
					  disk_id_serial_tells(a->serial);
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

/* "sda, sdb": those of @some from @first on that are like it; "" where no other one is.
 * Marks them in @told. The caller frees. */
static char *names_like(const struct devices *some, size_t first, bool *told,
			bool (*alike)(const struct device *left, const struct device *right))
{
	AUTO_LIST char **names = NULL;

	for (size_t i = first; i < some->count; i++) {
		if (told[i] || !alike(some->device[first], some->device[i]))
			continue;
		told[i] = true;
		list_append(&names, text_copy(some->device[i]->disk.name));
	}
	return list_length(names) > 1 ? list_join(names, ", ") : text_copy("");
}

void lun_warn(const struct devices *chosen, char ***warnings)
{
	AUTO_FREE bool *same = memory_zero(chosen->count, sizeof(*same));
	AUTO_FREE bool *similar = memory_zero(chosen->count, sizeof(*similar));

	for (size_t i = 0; i < chosen->count; i++) {
		const struct disk *disk = &chosen->device[i]->disk;
		AUTO_FREE char *paths = names_like(chosen, i, same, lun_is_same);
		AUTO_FREE char *alike = names_like(chosen, i, similar, may_be_same);

		if (*paths)
			list_append(warnings,
				    text_format("%s are paths to one disk%s%s%s, and each is converted as p2v.disks says: the guest gets the disk several times; name one of them only",
						paths, chosen->device[i]->lun ? " (" : "",
						chosen->device[i]->lun ?: "",
						chosen->device[i]->lun ? ")" : ""));
		else if (*alike)
			list_append(warnings,
				    text_format("%s have the same size and the same %s '%s', which does not tell whether they are paths to one disk or several disks: each is converted; if they are one, name one of them in p2v.disks, with all other disks",
						alike, disk->wwn ? "name" : "serial number",
						disk->wwn ?: disk->serial));
	}
}

char **lun_paths(const struct device *device, const struct devices *all,
		 const struct devices *chosen)
{
	char **paths = NULL;

	for (size_t i = 0; i < chosen->count; i++)
		if (chosen->device[i] != device && lun_is_same(chosen->device[i], device))
			return NULL;
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
