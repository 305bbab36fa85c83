// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of several operating systems virt-v2v converts. */
#include "server/v2v_root.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

static const char subvolume_prefix[] = "btrfsvol:";

/* Whether the @length bytes of @name are those of a disk, an array or a partition: sda1, md0. */
static bool is_disk(const char *name, size_t length)
{
	size_t letters, digits;

	if (!text_begins(name, "sd") && !text_begins(name, "md"))
		return false;
	letters = strspn(name + 2, "abcdefghijklmnopqrstuvwxyz");
	digits = strspn(name + 2 + letters, "0123456789");
	return letters <= 2 && 2 + letters + digits == length;
}

/* The length of the device that @path begins with. libguestfs calls logical volumes
 * /dev/GROUP/VOLUME, what is encrypted /dev/mapper/NAME, the rest /dev/sda1 or /dev/md0. */
static size_t device_length(const char *path)
{
	const char *name = path + strlen("/dev/"), *end = name + strcspn(name, "/");

	if (*end && !is_disk(name, (size_t)(end - name)))
		end += 1 + strcspn(end + 1, "/");
	return (size_t)(end - path);
}

char *v2v_root_warning(const char *line)
{
	const char *begin = strstr(line, "Picked "), *end = NULL, *device;
	AUTO_FREE char *root = NULL;

	if (begin)
		end = strstr(begin += strlen("Picked "), " because '--root first' was used");
	if (!end)
		return NULL;
	root = text_copy_length(begin, (size_t)(end - begin));
	device = root + strlen(subvolume_prefix);
	if (!text_begins(root, subvolume_prefix) || !text_begins(device, "/dev/"))
		return text_format("virt-v2v found more than one operating system and converts the first, '%s': for another, give its device as p2v.root (on Btrfs every snapshot of a system counts as one, and the device alone means its default subvolume)",
				   root);
	return text_format("virt-v2v found more than one operating system and converts the first, '%s', which may be an old snapshot, and mounts what the fstab there names: where that is wrong, make on the machine the subvolume that it runs from the default one ('btrfs subvolume set-default $(btrfs inspect-internal rootid /) /') and convert it with p2v.root=%.*s",
			   root, (int)device_length(device), device);
}
