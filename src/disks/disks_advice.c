// SPDX-License-Identifier: GPL-2.0-or-later
/* Advice on disks whose names a guest may not know any more. */
#include "disks/disks.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

static bool is_not_renamed(const struct disk *disk)
{
	return !disk->renamed && disk->kernel;
}

static bool is_ide(const struct disk *disk)
{
	return disk->bus && !strcmp(disk->bus, "ide");
}

/* "sda, sdb": the disks that are such; "" for none. */
static char *names_of(const struct disks *disks, bool (*is)(const struct disk *disk))
{
	AUTO_LIST char **names = NULL;

	for (size_t i = 0; i < disks->count; i++)
		if (is(&disks->disk[i]))
			list_append(&names, text_copy(disks->disk[i].name));
	return list_join(names, ", ");
}

char **disks_advice(const struct disks *disks)
{
	AUTO_FREE char *names = names_of(disks, is_not_renamed), *ide = names_of(disks, is_ide);
	const size_t first = strcspn(names, ",");
	char **advice = NULL;

	if (*names)
		list_append(&advice,
			    text_format("virt-v2v does not change names of %s inside a Linux guest: a system with a device name such as '/dev/%.*s%s2' in its fstab or boot loader is not converted or will not start; write UUIDs or labels there before the conversion",
					names, (int)first, names,
					isdigit((unsigned char)names[first - 1]) ? "p" : ""));
	if (*ide)
		list_append(&advice,
			    text_format("%s is on an IDE cable, where old systems name it /dev/hda or similar: virt-v2v changes such names only in RHEL up to 5, its relatives and SUSE; in others, write UUIDs or labels into fstab and boot loader before the conversion",
					ide));
	return advice;
}
