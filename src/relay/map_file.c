// SPDX-License-Identifier: GPL-2.0-or-later
/* The file "map-N" in the work directory. */
#include "relay/map_file.h"
#include "base/cleanup.h"
#include "base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char too_short[] = "it is too short";

/* NULL, or what is wrong. */
static const char *read_all(int fd, uint8_t *to, size_t length)
{
	while (length) {
		ssize_t got = read(fd, to, length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? strerror(errno) : too_short;
		to += got;
		length -= (size_t)got;
	}
	return NULL;
}

static struct map *read_map(int fd, const struct stat *status, uint64_t size, const char **wrong)
{
	uint8_t head[MAP_HEAD];
	struct map *map;
	uint8_t *room;
	size_t length;

	if (!S_ISREG(status->st_mode)) {
		*wrong = "it is not a regular file";
		return NULL;
	}
	*wrong = read_all(fd, head, sizeof(head));
	map = *wrong ? NULL : map_begin(head, size, wrong);
	if (!map)
		return NULL;
	room = map_room(map, &length);
	if ((uint64_t)status->st_size > MAP_HEAD + length)
		*wrong = "it is too long";
	else
		*wrong = read_all(fd, room, length);
	if (!*wrong)
		*wrong = map_end(map);
	if (*wrong) {
		map_free(map);
		return NULL;
	}
	return map;
}

struct map *map_file_read(struct map_file *file, int directory, unsigned index, uint64_t size,
			  char **reason)
{
	AUTO_CLOSE int fd = -1;
	const char *wrong = NULL;
	struct stat status;
	struct map *map;
	char name[24];

	snprintf(name, sizeof(name), "map-%u", index);
	fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &status))
		return NULL;
	if (status.st_dev == file->device && status.st_ino == file->inode &&
	    status.st_size == file->size && status.st_mtim.tv_sec == file->changed.tv_sec &&
	    status.st_mtim.tv_nsec == file->changed.tv_nsec)
		return NULL;
	*file = (struct map_file){ status.st_dev, status.st_ino, status.st_size, status.st_mtim };
	map = read_map(fd, &status, size, &wrong);
	if (!map)
		*reason = text_format("the map '%s' is ignored: %s", name, wrong);
	return map;
}
