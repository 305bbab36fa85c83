// SPDX-License-Identifier: GPL-2.0-or-later
/* Places of the disks that could not be read. */
#include "transfer/bad_sectors.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/sysfs.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR 512

struct place {
	char name[256]; /* of the disk, with '_' for ':' */
	uint64_t first, end; /* bytes */
};

static bool is_named(const struct disk *disk, const char *name)
{
	const char *real = disk->name;

	for (; *real && (*real == *name || (*real == ':' && *name == '_')); real++, name++)
		;
	return !*real && !*name;
}

static const struct disk *disk_named(const struct disks *disks, const char *name)
{
	for (size_t i = 0; i < disks->count; i++)
		if (is_named(&disks->disk[i], name))
			return &disks->disk[i];
	return NULL;
}

/* The partition that has the byte at @offset; NULL if there is none. The caller frees. */
static char *partition_of(const char *disk, uint64_t offset, const char *root)
{
	AUTO_LIST char **names = sysfs_list(root, "/sys/class/block/%s", disk);

	for (char **name = names; name && *name; name++) {
		uint64_t start = sysfs_number(root, UINT64_MAX, "/sys/class/block/%s/%s/start",
					      disk, *name);
		uint64_t size = sysfs_number(root, 0, "/sys/class/block/%s/%s/size", disk, *name);

		if (start <= offset / SECTOR && offset / SECTOR - start < size)
			return text_copy(*name);
	}
	return NULL;
}

static char *describe(const struct disks *disks, const struct place *place, const char *root)
{
	uint64_t first = place->first / SECTOR, last = (place->end - 1) / SECTOR;
	AUTO_FREE char *partition = partition_of(place->name, place->first, root);
	AUTO_FREE char *sectors = first == last ? text_format("sector %" PRIu64, first) :
						  text_format("sectors %" PRIu64 " to %" PRIu64,
							      first, last);
	const struct disk *disk = disk_named(disks, place->name);
	const char *serial = disk ? disk->serial : NULL;

	return text_format("%s of the disk '%s'%s%s%s%s%s", sectors, place->name,
			   serial ? " (serial number " : "", serial ?: "", serial ? ")" : "",
			   partition ? ", in " : "", partition ?: "");
}

/* Reads the line that @list begins with; NULL if there is none, else what follows it. */
static const char *read_place(const char *list, struct place *place)
{
	uint64_t length = 0;
	int end = 0;

	/* A name may hold blanks: the two numbers stand at the end of the line. */
	const char *line = list + strcspn(list, "\n");
	AUTO_FREE char *text = text_copy_length(list, (size_t)(line - list));
	char *second = strrchr(text, ' '), *first;

	if (!second)
		return NULL;
	*second = '\0';
	first = strrchr(text, ' ');
	if (!first || sscanf(first, " %" SCNu64 "%n", &place->first, &end) != 1 || first[end] ||
	    sscanf(second + 1, "%" SCNu64, &length) != 1 || !length)
		return NULL;
	*first = '\0';
	snprintf(place->name, sizeof(place->name), "%s", text);
	place->end = place->first + length;
	return *line ? line + 1 : line;
}

static int compare(const void *a, const void *b)
{
	const struct place *one = a, *other = b;
	int names = strcmp(one->name, other->name);

	return names ? names : (one->first > other->first) - (one->first < other->first);
}

char **bad_sectors_describe(const struct disks *disks, const char *list, const char *root)
{
	AUTO_FREE struct place *places = NULL;
	struct place next;
	size_t count = 0;
	char **lines = NULL;

	while ((list = read_place(list, &next)))
		APPEND(places, count, next);
	if (count)
		qsort(places, count, sizeof(*places), compare);
	for (size_t i = 0; i < count; i++) {
		while (i + 1 < count && places[i + 1].first == places[i].end &&
		       !strcmp(places[i + 1].name, places[i].name)) {
			places[i + 1].first = places[i].first;
			i++;
		}
		list_append(&lines, describe(disks, &places[i], root));
	}
	return lines;
}

const struct disk *bad_sectors_disk(const struct disks *disks, const char *list)
{
	struct place first;

	return read_place(list, &first) ? disk_named(disks, first.name) : NULL;
}
