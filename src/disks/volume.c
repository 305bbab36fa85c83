// SPDX-License-Identifier: GPL-2.0-or-later
/* What is on a disk, for people. */
#include "disks/volume.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void volumes_clear(struct volumes *volumes)
{
	for (size_t i = 0; i < volumes->count; i++) {
		free(volumes->volume[i].name);
		free(volumes->volume[i].purpose);
		free(volumes->volume[i].type);
		free(volumes->volume[i].label);
		free(volumes->volume[i].starts);
		free(volumes->volume[i].set);
	}
	free(volumes->volume);
	*volumes = (struct volumes){ 0 };
}

static const char *type_words(const char *type)
{
	static const struct {
		const char *type, *words;
	} known[] = {
		{ "vfat", "FAT" },
		{ "ntfs", "NTFS" },
		{ "crypto_LUKS", "encrypted (LUKS)" },
		{ "BitLocker", "encrypted (BitLocker)" },
		{ "LVM2_member", "LVM physical volume" },
		{ "linux_raid_member", "part of an MD array" },
		{ "zfs_member", "part of a ZFS pool" },
		{ "swsuspend", "swap with a hibernated system" },
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (!strcmp(known[i].type, type))
			return known[i].words;
	return type;
}

char *volume_text(const struct volume *volume)
{
	AUTO_FREE char *size = text_bytes(volume->size);
	AUTO_LIST char **words = NULL;

	if (volume->purpose)
		list_append(&words, text_copy(volume->purpose));
	if (volume->set)
		list_append(&words, text_copy(volume->set));
	else if (volume->type && volume->label)
		list_append(&words,
			    text_format("%s '%s'", type_words(volume->type), volume->label));
	else if (volume->type)
		list_append(&words, text_copy(type_words(volume->type)));
	else if (!volume->purpose)
		list_append(&words, text_copy("nothing known"));
	if (volume->starts)
		list_append(&words, text_format("starts %s", volume->starts));
	list_append(&words, text_copy(size));
	return list_join(words, ", ");
}

static bool names(const struct volume *volume, const char *set)
{
	const size_t length = strlen(volume->name);

	return volume->set && text_begins(set, volume->name) && text_begins(set + length, ": ") &&
	       !strcmp(set + length + 2, volume->set);
}

char **volumes_lines(const struct volumes *volumes, char *const *sets)
{
	char **lines = NULL;

	for (size_t i = 0; i < volumes->count; i++) {
		AUTO_FREE char *text = volume_text(&volumes->volume[i]);

		list_append(&lines, text_format("%s: %s", volumes->volume[i].name, text));
	}
	for (; sets && *sets; sets++) {
		size_t i = 0;

		while (i < volumes->count && !names(&volumes->volume[i], *sets))
			i++;
		if (i == volumes->count)
			list_append(&lines, text_copy(*sets));
	}
	return lines;
}
