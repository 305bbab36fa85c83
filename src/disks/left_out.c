// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks that are not converted unasked, in words. */
#include "disks/left_out.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "disks/lun.h"
#include "machine/controllers.h"

#include <string.h>

/* To be put in brackets; NULL for what is no disk. */
static const char *reason_of(enum device_kind kind)
{
	switch (kind) {
	case DEVICE_FIXED:
	case DEVICE_NO_DISK:
		return NULL;
	case DEVICE_PATH:
		return "it is a path to another device";
	case DEVICE_UNREACHABLE:
		return "none of its paths can be used";
	case DEVICE_BOOT_MEDIUM:
		return "this image is on it";
	case DEVICE_VIRTUAL_MEDIUM:
		return "a management controller shows it";
	case DEVICE_EMPTY:
	case DEVICE_WITHOUT_SIZE:
		return "it has no size";
	case DEVICE_REMOVABLE:
		return "its medium can be removed";
	}
	return NULL;
}

/* "disk 'sdb' (usb, 14.9 GiB, SanDisk Ultra)": what is known of it. The caller frees. */
static char *description(const struct disk *disk)
{
	AUTO_LIST char **words = NULL;
	AUTO_FREE char *joined = NULL;

	if (disk->transport)
		list_append(&words, text_copy(disk->transport));
	if (disk->size)
		list_append(&words, text_bytes(disk->size));
	if (disk->vendor || disk->model)
		list_append(&words,
			    text_format("%s%s%s", disk->vendor ?: "",
					disk->vendor && disk->model ? " " : "", disk->model ?: ""));
	joined = list_join(words, ", ");
	return text_format("disk '%s'%s%s%s", disk->name, words ? " (" : "", joined,
			   words ? ")" : "");
}

/* "sda,sdb": what p2v.disks would be with @device, too. The caller frees. */
static char *disks_with(const struct devices *chosen, const struct device *device)
{
	AUTO_LIST char **names = NULL;

	for (size_t i = 0; i < chosen->count; i++)
		list_append(&names, text_copy(chosen->device[i]->disk.name));
	list_append(&names, text_copy(device->disk.name));
	return list_join(names, ",");
}

/* Linux gives a size only to disks that it can read. */
static char *without_size(const struct device *device)
{
	if (device->metadata)
		return text_format("it is formatted with %u bytes of metadata beside each sector, and Linux does not read such a disk; copy it in the machine's own system to a disk without metadata",
				   device->metadata);
	return text_copy("it has no size: its sectors have 520 or 528 bytes, as those of a storage system's disks do, or it is not ready; see 'dmesg' in the shell; once Linux shows a size, p2v.disks takes it, too");
}

static char *sentence(const struct device *device, const struct devices *chosen)
{
	AUTO_FREE char *what = description(&device->disk), *why = NULL, *words = NULL;

	switch (device->kind) {
	case DEVICE_REMOVABLE:
		words = disks_with(chosen, device);
		return text_format("%s is left out, because its medium can be removed; p2v.disks=%s converts it, too",
				   what, words);
	case DEVICE_WITHOUT_SIZE:
		why = without_size(device);
		return text_format("%s is left out: %s", what, why);
	case DEVICE_UNREACHABLE:
		return text_format("%s is left out: it is a path to an NVMe disk, and none of that disk's paths can be used; check the storage and start again",
				   what);
	case DEVICE_FIXED:
	case DEVICE_NO_DISK:
	case DEVICE_PATH:
	case DEVICE_BOOT_MEDIUM:
	case DEVICE_VIRTUAL_MEDIUM:
	case DEVICE_EMPTY:
		return NULL;
	}
	return NULL;
}

void left_out_warn(const char *root, const struct devices *all, const struct devices *chosen,
		   char ***warnings)
{
	AUTO_LIST char **controllers = controllers_left_out(root);

	for (size_t i = 0; i < all->count; i++) {
		const struct device *device = all->device[i];
		char *text = lun_find(chosen, device) ? NULL : sentence(device, chosen);

		if (text)
			list_append(warnings, text);
	}
	for (char **controller = controllers; controller && *controller; controller++)
		list_append(warnings, text_copy(*controller));
}

char *left_out_say_none(const char *root, const struct devices *all)
{
	AUTO_FREE char *controllers = controllers_judge(root, CONTROLLERS_STORAGE);
	AUTO_LIST char **left_out = NULL;
	AUTO_FREE char *others = NULL;

	for (size_t i = 0; i < all->count; i++) {
		const char *reason = reason_of(all->device[i]->kind);

		if (reason)
			list_append(&left_out,
				    text_format("%s (%s)", all->device[i]->disk.name, reason));
	}
	others = list_join(left_out, ", ");
	return text_format("no fixed disk found: %s%s%s%s", controllers,
			   left_out ? "; left out: " : "", others,
			   left_out ? ": name it in p2v.disks to convert it" : "");
}
