// SPDX-License-Identifier: GPL-2.0-or-later
/* Places of the disks that cannot be read. */
#include "relay/bad_place.h"
#include "base/cleanup.h"
#include "base/memory.h"

#include <fcntl.h>
#include <inttypes.h>

bool bad_places_note(struct bad_places *places, size_t disk, uint64_t offset)
{
	struct bad_place place = { disk, offset };

	for (size_t i = 0; i < places->count; i++)
		if (places->list[i].disk == disk && places->list[i].offset == offset)
			return false;
	APPEND(places->list, places->count, place);
	return true;
}

int bad_places_write(int directory, const char *name, uint64_t offset, uint64_t length)
{
	AUTO_CLOSE int fd = openat(directory, "bad-sectors",
				   O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0 || dprintf(fd, "%s %" PRIu64 " %" PRIu64 "\n", name, offset, length) < 0)
		return -errno;
	return 0;
}
