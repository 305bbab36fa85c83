// SPDX-License-Identifier: GPL-2.0-or-later
/* What a conversion of the machine would fail for. */
#include "inventory/outlook.h"

#include "base/json.h"
#include "base/list.h"
#include "base/text.h"

#include <string.h>

static sd_json_variant *map_of(const struct disk *disk)
{
	sd_json_variant *map = NULL;

	if (!disk->map || sd_json_parse(disk->map, 0, &map, NULL, NULL) < 0)
		return NULL;
	return map;
}

static const char *text_of(sd_json_variant *object, const char *key)
{
	sd_json_variant *value = sd_json_variant_by_key(object, key);

	return value && sd_json_variant_is_string(value) ? sd_json_variant_string(value) : NULL;
}

static bool is_encrypted(const struct volume *volume)
{
	return volume->type &&
	       (!strcmp(volume->type, "crypto_LUKS") || !strcmp(volume->type, "BitLocker"));
}

static void add_encrypted(char ***list, const struct disk *disk)
{
	for (size_t i = 0; i < disk->volumes.count; i++) {
		const struct volume *volume = &disk->volumes.volume[i];

		if (is_encrypted(volume))
			list_append(list,
				    text_format(OUTLOOK
						"%s of disk %s is encrypted, and p2v.key is not given",
						volume->name, disk->path));
	}
}

/* p2v-map (ntfs.c) has the words. */
static void add_hibernated(char ***list, const struct disk *disk)
{
	sd_json_variant *map = map_of(disk), *pieces = sd_json_variant_by_key(map, "pieces");

	for (size_t i = 0; pieces && i < sd_json_variant_elements(pieces); i++) {
		sd_json_variant *piece = sd_json_variant_by_index(pieces, i);
		const char *reason = text_of(piece, "reason"), *name = text_of(piece, "name");

		if (reason && strstr(reason, "Windows is hibernated"))
			list_append(list,
				    text_format(OUTLOOK
						"Windows is hibernated in %s of disk %s: start it, turn Fast Startup off, and shut it down fully",
						name ?: "a part", disk->path));
	}
	sd_json_variant_unref(map);
}

static bool is_blank(const struct disk *disk)
{
	for (size_t i = 0; i < disk->volumes.count; i++)
		if (disk->volumes.volume[i].type || disk->volumes.volume[i].set)
			return false;
	return !disk->sets;
}

char **outlook(const struct hardware *hardware, const struct config *config)
{
	const struct disks *disks = &hardware->disks;
	bool blank = disks->count;
	char **list = NULL;

	for (size_t i = 0; i < disks->count; i++) {
		if (!config->keys)
			add_encrypted(&list, &disks->disk[i]);
		add_hibernated(&list, &disks->disk[i]);
		blank = blank && is_blank(&disks->disk[i]);
	}
	if (blank)
		list_append(&list,
			    text_copy(OUTLOOK
				      "there is no file system on its disks, nor anything else that is known: no system is found on them"));
	return list;
}

void outlook_bytes(const struct disks *disks, uint64_t *size, uint64_t *used)
{
	*size = disks_bytes(disks);
	*used = 0;
	for (size_t i = 0; i < disks->count; i++) {
		const struct disk *disk = &disks->disk[i];
		sd_json_variant *map = map_of(disk), *bytes = sd_json_variant_by_key(map, "used");

		*used += bytes && sd_json_variant_is_unsigned(bytes) ?
				 sd_json_variant_unsigned(bytes) :
				 disk->size;
		sd_json_variant_unref(map);
	}
}
