// SPDX-License-Identifier: GPL-2.0-or-later
/* Which disks and removable drives the guest gets. */
#include "disks/disks.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"
#include "disks/content.h"
#include "disks/disk_boot.h"
#include "disks/disk_fixed.h"
#include "disks/disk_name.h"
#include "disks/disk_use.h"
#include "disks/left_out.h"
#include "disks/lun.h"
#include "disks/reading.h"
#include "disks/relations.h"
#include "disks/volume_reading.h"
#include "disks/wanted.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

struct disks_search {
	struct disks_wishes wishes;
	struct disks *disks;
	void (*done)(void *user, int result, const char *reason);
	void *user;
	struct devices all;
	struct devices fixed;  /* one of each LUN, in the order of their places */
	struct devices chosen; /* in the guest's order */
	struct devices looked; /* those whose content is to be read */
	struct reading *reading;
	int result;
	char *reason;
};

/* ---- before the disks are read: by what sysfs tells -------------------------- */

static void judge(const struct devices *all)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->device[i]->disk.kernel)
			all->device[i]->kind = disk_fixed_judge(all->device[i]);
}

static bool has(const struct devices *some, const struct device *device)
{
	for (size_t i = 0; i < some->count; i++)
		if (some->device[i] == device)
			return true;
	return false;
}

/* A CD in a drive may be a management controller's. */
static bool is_usb_drive(const struct device *device)
{
	return disk_name_is_optical(device->disk.kernel) && device->link &&
	       strstr(device->link, "/usb") && device->disk.size;
}

static void choose_looked(struct disks_search *search)
{
	for (size_t i = 0; i < search->all.count; i++) {
		struct device *device = search->all.device[i];

		if (has(&search->chosen, device) || has(&search->fixed, device) ||
		    (device->disk.kernel &&
		     (device->kind == DEVICE_REMOVABLE || is_usb_drive(device))))
			devices_append(&search->looked, device);
	}
}

static void look(struct disks_search *search)
{
	const struct disks_wishes *wishes = &search->wishes;

	devices_read(&search->all, wishes->root);
	judge(&search->all);
	for (size_t i = 0; i < search->all.count; i++)
		if (search->all.device[i]->kind == DEVICE_FIXED)
			devices_append(&search->fixed, search->all.device[i]);
	devices_sort(&search->fixed);
	lun_keep_one_each(&search->fixed);
	if (wishes->disks)
		search->result = wanted_find(wishes->root, &search->all, &search->fixed,
					     wishes->disks, &search->chosen, &search->reason);
	if (search->result == 0)
		choose_looked(search);
}

/* ---- when they have been read --------------------------------------------------- */

static void keep_fixed(struct devices *fixed)
{
	size_t kept = 0;

	for (size_t i = 0; i < fixed->count; i++)
		if (fixed->device[i]->kind == DEVICE_FIXED)
			fixed->device[kept++] = fixed->device[i];
	fixed->count = kept;
}

/* A guest with BIOS starts from its first disk only, so that must be the one that the
 * machine starts from. */
static int choose_all(struct disks_search *search)
{
	const struct devices *fixed = &search->fixed;
	const size_t first = disk_boot_find(search->wishes.root, fixed);

	if (!fixed->count) {
		search->reason = left_out_say_none(search->wishes.root, &search->all);
		return -ENODEV;
	}
	assert(first == SIZE_MAX || first < fixed->count);
	if (first != SIZE_MAX)
		devices_append(&search->chosen, fixed->device[first]);
	for (size_t i = 0; i < fixed->count; i++)
		if (i != first)
			devices_append(&search->chosen, fixed->device[i]);
	left_out_warn(search->wishes.root, &search->all, &search->chosen, &search->disks->warnings);
	return 0;
}

static int check_wanted(struct disks_search *search)
{
	for (size_t i = 0; i < search->chosen.count; i++)
		if (disk_is_boot_medium(search->chosen.device[i]))
			return REFUSE(&search->reason, EINVAL,
				      "disk '%s' is the medium that this image is on",
				      search->chosen.device[i]->disk.name);
	return 0;
}

/* One that does not answer can only be left out by the user. Of another one, it is not known
 * whether the guest lacks a part of a set that is on it. */
static int check_answers(struct disks_search *search)
{
	AUTO_LIST char **silent = NULL;
	AUTO_FREE char *joined = NULL;

	for (size_t i = 0; i < search->looked.count; i++) {
		const struct device *device = search->looked.device[i];
		AUTO_FREE char *trouble = reading_trouble(device);

		if (trouble && has(&search->chosen, device))
			list_append(&silent, steal(trouble));
		else if (trouble)
			list_append(&search->disks->warnings,
				    text_format("%s: what is on it is not known", trouble));
	}
	if (!silent)
		return 0;
	joined = list_join(silent, "; ");
	return REFUSE(&search->reason, EIO,
		      "%s: start again when it answers, or name the other disks in p2v.disks to convert the machine without it",
		      joined);
}

static int check_use(struct disks_search *search)
{
	AUTO_LIST char **used = NULL;
	AUTO_FREE char *joined = NULL;

	for (size_t i = 0; search->wishes.live && i < search->chosen.count; i++) {
		const struct device *device = search->chosen.device[i];
		AUTO_FREE char *use = disk_use(search->wishes.root, device, &search->all);

		if (use)
			list_append(&used, text_format("disk '%s' is in use (%s)",
						       device->disk.path, use));
	}
	if (!used)
		return 0;
	joined = list_join(used, ", ");
	return REFUSE(&search->reason, EBUSY,
		      "%s: it would change while it is read; start the machine from p2vd's image, or end what uses the disk",
		      joined);
}

static void find_optical(const struct devices *all, struct disks *disks)
{
	for (size_t i = 0; i < all->count; i++) {
		const char *name = all->device[i]->disk.kernel;

		if (name && disk_name_is_optical(name) && !disk_is_virtual_medium(all->device[i]))
			list_append(&disks->removable, text_copy(name));
	}
}

static int find_removable(const char *root, char *const *wanted, struct disks *disks, char **reason)
{
	for (; *wanted; wanted++) {
		const char *name = text_begins(*wanted, "/dev/") ? *wanted + 5 : *wanted;

		if (!disk_name_is_slot(name))
			return REFUSE(reason, EINVAL,
				      "'%s' in p2v.removable is no name of a removable drive: give one as sr0, sdb or fda",
				      *wanted);
		if (text_begins(name, "sd") && sysfs_exists(root, "sys/block/%s", name) &&
		    !sysfs_number(root, 1, "sys/block/%s/removable", name))
			return REFUSE(reason, EINVAL,
				      "'%s' in p2v.removable is a fixed disk: give a CD or DVD drive like sr0, and disks in p2v.disks",
				      *wanted);
		if (list_contains(disks->removable, name))
			return REFUSE(reason, EINVAL, "'%s' is given twice in p2v.removable",
				      *wanted);
		if (!sysfs_exists(root, "sys/block/%s", name))
			list_append(&disks->warnings,
				    text_format("the machine has no drive '%s', which p2v.removable names: the guest gets it all the same",
						name));
		list_append(&disks->removable, text_copy(name));
	}
	return 0;
}

static struct disk steal_disk(struct device *device)
{
	struct disk disk = device->disk;

	if (device->content) {
		disk.volumes = device->content->volumes;
		device->content->volumes = (struct volumes){ 0 };
		volumes_name_sets(&disk.volumes, disk.sets);
	}
	device->disk = (struct disk){ 0 };
	return disk;
}

static int conclude(struct disks_search *search)
{
	const struct disks_wishes *wishes = &search->wishes;
	int r;

	judge(&search->all);
	keep_fixed(&search->fixed);
	r = wishes->disks ? check_wanted(search) : choose_all(search);
	if (r == 0)
		r = check_answers(search);
	if (r == 0)
		r = check_use(search);
	if (r == 0 && wishes->removable)
		r = find_removable(wishes->root, wishes->removable, search->disks, &search->reason);
	else if (r == 0)
		find_optical(&search->all, search->disks);
	if (r < 0)
		return r;
	relations_set(&search->all, &search->fixed, &search->chosen, &search->disks->warnings);
	for (size_t i = 0; i < search->chosen.count; i++)
		APPEND(search->disks->disk, search->disks->count,
		       steal_disk(search->chosen.device[i]));
	return 0;
}

/* Without disks, for people: the drives are there all the same. */
static void keep_drives_only(struct disks_search *search)
{
	disks_clear(search->disks);
	if (!search->wishes.removable)
		find_optical(&search->all, search->disks);
}

static void on_read(void *user)
{
	struct disks_search *search = user;

	if (search->result == 0)
		search->result = conclude(search);
	if (search->result < 0)
		keep_drives_only(search);
	search->done(search->user, search->result, search->reason);
}

/* ---- from outside ------------------------------------------------------------------ */

struct disks_search *disks_search(sd_event *event, const struct disks_wishes *wishes,
				  struct disks *disks,
				  void (*done)(void *user, int result, const char *reason),
				  void *user)
{
	struct disks_search *search = memory_zero(1, sizeof(*search));

	*search = (struct disks_search){
		.wishes = *wishes,
		.disks = disks,
		.done = done,
		.user = user,
	};
	*disks = (struct disks){ 0 };
	look(search);
	search->reading = reading_start(event, wishes->root, &search->looked, wishes->live, on_read,
					search);
	return search;
}

void disks_search_free(struct disks_search *search)
{
	if (!search)
		return;
	reading_free(search->reading);
	free(search->fixed.device);
	free(search->chosen.device);
	free(search->looked.device);
	devices_clear(&search->all);
	free(search->reason);
	free(search);
}

uint64_t disks_bytes(const struct disks *disks)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < disks->count; i++)
		bytes += disks->disk[i].size;
	return bytes;
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
